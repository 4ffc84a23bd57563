package manycast.system.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import manycast.system.bench.peer.Peer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.SinkOptions;
import manycast.system.bench.tools.Viewer;
import org.jspecify.annotations.Nullable;

/**
 * Servers compared at one point. All stay up throughout; one at a time is fed, so that none
 * disturbs another. In each round each is measured for one window, in an order left to chance, and
 * compared with the floor of the same round: what the machine does to a round, it does to both.
 */
final class PairedWindows {
  /** Reported apart from the rest of the warm-up: a JVM's first seconds are its worst. */
  private static final Duration FIRST = Duration.ofSeconds(10);

  private final List<Series> all = new ArrayList<>();

  private PairedWindows() {}

  /** One server's windows. */
  private static final class Series {
    private final String name;
    private final Server server;
    private final SinkOptions options;
    private final List<Window> windows = new ArrayList<>();
    private @Nullable Window first;

    Series(String name, Server server, SinkOptions options) {
      this.name = name;
      this.server = server;
      this.options = options;
    }

    /** Whoever watches while it is fed; null for nobody. */
    @Nullable Viewer viewer(Lab lab) throws IOException {
      return name.equals(Lab.WATCHED) ? Viewer.watch(lab.manycast(), server.previewPort()) : null;
    }
  }

  static PairedWindows measure(Lab lab, List<Peer> peers, Point point, SinkOptions options)
      throws IOException, InterruptedException {
    return measure(lab, peers, point, _ -> options);
  }

  /** The same where not all go to the same kind of sink. */
  static PairedWindows measure(
      Lab lab, List<Peer> peers, Point point, Function<Peer, SinkOptions> options)
      throws IOException, InterruptedException {
    PairedWindows measured = new PairedWindows();
    try {
      for (Peer peer : peers) {
        Series series =
            new Series(peer.name(), peer.start(point, lab.sinkPort()), options.apply(peer));
        measured.all.add(series);
        if (peer.compiles()) {
          warmUp(lab, series, point);
        }
      }
      for (int round = 1; round <= lab.arguments().windows(); round++) {
        measured.round(lab, point, round);
      }
    } finally {
      measured.all.forEach(each -> each.server.close());
    }
    return measured;
  }

  private static void warmUp(Lab lab, Series series, Point point)
      throws IOException, InterruptedException {
    Duration whole = lab.arguments().warmUp();
    if (whole.isZero()) {
      return;
    }
    lab.say("%s %s: warm-up".formatted(point, series.name));
    Duration begin = whole.compareTo(FIRST) < 0 ? whole : FIRST;
    try (Feed feed = Feed.start(lab, series.server, point, series.options);
        Viewer viewer = series.viewer(lab)) {
      series.first = feed.measure(Duration.ZERO, begin);
      requireWatching(viewer);
    }
    Duration rest = whole.minus(begin);
    if (rest.isPositive()) {
      SinkOptions cheap = SinkOptions.CHEAP.with(series.options.more());
      try (Feed feed = Feed.start(lab, series.server, point, cheap);
          Viewer viewer = series.viewer(lab)) {
        Thread.sleep(rest);
        feed.requireAlive();
        requireWatching(viewer);
      }
    }
  }

  private static void requireWatching(@Nullable Viewer viewer) throws IOException {
    if (viewer != null) {
      viewer.requireWatching();
    }
  }

  private void round(Lab lab, Point point, int round) throws IOException, InterruptedException {
    List<Series> order = new ArrayList<>(all);
    Collections.shuffle(order, lab.chance());
    for (Series series : order) {
      try (Feed feed = Feed.start(lab, series.server, point, series.options);
          Viewer viewer = series.viewer(lab)) {
        Window window =
            feed.measure(
                lab.arguments().settle(),
                lab.arguments().length(),
                viewer == null ? () -> {} : viewer::windowBegins,
                () -> {});
        requireWatching(viewer);
        series.windows.add(window);
        lab.say(
            "%s %d/%d %-10s %s CPU-s/GB, p50 %s p99 %s ms%s"
                .formatted(
                    point,
                    round,
                    lab.arguments().windows(),
                    series.name,
                    Spread.written(window.cpuPerGigabyte()),
                    Spread.written(window.sink().latency().p50()),
                    Spread.written(window.sink().latency().p99()),
                    window.sink().isClean() ? "" : "; " + window.sink().faults()));
      }
    }
  }

  private Series series(String name) {
    return all.stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
  }

  List<String> names() {
    return all.stream().map(each -> each.name).toList();
  }

  List<Window> windows(String name) {
    return List.copyOf(series(name).windows);
  }

  /** The first seconds that a server was fed at all; null where there was no warm-up. */
  @org.jspecify.annotations.Nullable
  Window first(String name) {
    return series(name).first;
  }

  /** A figure over all of a server's windows. */
  Spread spread(String name, ToDoubleFunction<Window> figure) {
    return Spread.of(windows(name).stream().mapToDouble(figure).boxed().toList());
  }

  boolean hasFloor() {
    return names().contains(Lab.FLOOR);
  }

  /** A figure of each window divided by that of the floor's in the same round. */
  Spread timesFloor(String name, ToDoubleFunction<Window> figure) {
    return times(name, Lab.FLOOR, figure);
  }

  /** A figure of each window less that of the floor's in the same round. */
  Spread overFloor(String name, ToDoubleFunction<Window> figure) {
    return against(name, Lab.FLOOR, figure, (own, floor) -> own - floor);
  }

  /** A figure of each window divided by another server's in the same round. */
  Spread times(String name, String other, ToDoubleFunction<Window> figure) {
    return against(name, other, figure, (own, others) -> own / others);
  }

  private Spread against(
      String name, String other, ToDoubleFunction<Window> figure, DoubleBinaryOperator compare) {
    List<Window> others = windows(other);
    List<Window> own = windows(name);
    List<Double> compared = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      compared.add(
          compare.applyAsDouble(
              figure.applyAsDouble(own.get(i)), figure.applyAsDouble(others.get(i))));
    }
    return Spread.of(compared);
  }
}
