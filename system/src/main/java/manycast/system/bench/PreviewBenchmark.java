package manycast.system.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import manycast.system.bench.load.Arrivals;
import manycast.system.bench.peer.MediaNode;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.peer.Streams;
import manycast.system.bench.tools.SinkOptions;
import manycast.system.bench.tools.Viewer;

/**
 * {@code preview}: what a node's processor does more while somebody watches the preview of a
 * broadcast that it relays, and how long a picture takes to who watches. In each round one window
 * is watched and one is not, in an order left to chance, and the two are compared.
 */
final class PreviewBenchmark implements Benchmark {
  private static final List<Point> POINTS = List.of(new Point(1, 5));

  private enum Kind {
    UNWATCHED,
    WATCHED
  }

  /** Milliseconds from the publisher to the player, of all pictures and of the newest of a part. */
  private record Seen(double p50, double p99, double newestP50, double newestP99) {
    static Seen by(Viewer viewer) {
      Arrivals times = viewer.arrivals();
      return new Seen(
          times.ofAll(0.5), times.ofAll(0.99), times.ofNewest(0.5), times.ofNewest(0.99));
    }
  }

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    for (Point point : lab.pointsOr(POINTS)) {
      String prefix = "preview-%s-".formatted(point);
      try (Streams streams = lab.manycast().streams()) {
        streams.make(prefix, point, lab.sinkPort());
      }
      try (MediaNode node =
          lab.manycast().startNode(Flush.IMMEDIATE.settings(), lab.arguments().jvmFlags())) {
        Server server = node.server(prefix);
        warmUp(lab, node, server, point);
        Map<Kind, List<Window>> windows = new EnumMap<>(Kind.class);
        List<Seen> seen = new ArrayList<>();
        for (int round = 1; round <= lab.arguments().windows(); round++) {
          List<Kind> order = new ArrayList<>(List.of(Kind.values()));
          Collections.shuffle(order, lab.chance());
          for (Kind kind : order) {
            Window window = measure(lab, report, node, server, point, kind, seen);
            windows.computeIfAbsent(kind, _ -> new ArrayList<>()).add(window);
            lab.say(
                "preview %s %d/%d %s: %s %% of a core, p99 %s ms"
                    .formatted(
                        point,
                        round,
                        lab.arguments().windows(),
                        word(kind),
                        Spread.written(window.corePercent()),
                        Spread.written(window.p99())));
          }
        }
        report.add("preview " + point, rows(windows));
        report.add("preview %s, at the player".formatted(point), List.of(row(seen)));
      }
    }
  }

  /** Half of it watched, so that what a viewer needs is compiled too. */
  private static void warmUp(Lab lab, MediaNode node, Server server, Point point)
      throws IOException, InterruptedException {
    long millis = lab.arguments().warmUp().toMillis();
    if (millis > 0) {
      try (Feed feed = Feed.start(lab, server, point, SinkOptions.CHEAP)) {
        Thread.sleep(millis / 2);
        try (Viewer viewer = Viewer.watch(lab.manycast(), node.httpPort())) {
          Thread.sleep(millis / 2);
          viewer.requireWatching();
        }
        feed.requireAlive();
      }
    }
  }

  private static Window measure(
      Lab lab,
      Report report,
      MediaNode node,
      Server server,
      Point point,
      Kind kind,
      List<Seen> seen)
      throws IOException, InterruptedException {
    try (Feed feed = Feed.start(lab, server, point, SinkOptions.EXACT)) {
      Window window;
      if (kind == Kind.WATCHED) {
        try (Viewer viewer = Viewer.watch(lab.manycast(), node.httpPort())) {
          window =
              feed.measure(
                  lab.arguments().settle(),
                  lab.arguments().length(),
                  viewer::windowBegins,
                  () -> seen.add(Seen.by(viewer)));
          viewer.requireWatching();
        }
      } else {
        window = feed.measure(lab.arguments().settle(), lab.arguments().length());
      }
      if (!window.sink().isClean()) {
        report.fault("preview %s, %s: %s".formatted(point, word(kind), window.sink().faults()));
      }
      return window;
    }
  }

  private static List<Map<String, Object>> rows(Map<Kind, List<Window>> windows) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<Window> unwatched = windows.getOrDefault(Kind.UNWATCHED, List.of());
    windows.forEach(
        (kind, measured) -> {
          Map<String, Object> row = Report.row();
          row.put("preview", word(kind));
          row.put("windows", measured.size());
          row.put("core %", spread(measured, Window::corePercent));
          row.put("CPU-s/GB to destinations", spread(measured, Window::cpuPerGigabyte));
          row.put("× unwatched", times(measured, unwatched));
          row.put("p50 ms", spread(measured, Window::p50));
          row.put("p99 ms", spread(measured, Window::p99));
          rows.add(row);
        });
    return rows;
  }

  private static Map<String, Object> row(List<Seen> seen) {
    Map<String, Object> row = Report.row();
    row.put("windows", seen.size());
    row.put("picture p50 ms", spreadOf(seen, Seen::p50));
    row.put("picture p99 ms", spreadOf(seen, Seen::p99));
    row.put("newest of a part p50 ms", spreadOf(seen, Seen::newestP50));
    row.put("newest of a part p99 ms", spreadOf(seen, Seen::newestP99));
    return row;
  }

  private static Spread spreadOf(List<Seen> seen, ToDoubleFunction<Seen> figure) {
    return Spread.of(seen.stream().mapToDouble(figure).boxed().toList());
  }

  private static Spread times(List<Window> measured, List<Window> unwatched) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      ratios.add(measured.get(i).cpuPerGigabyte() / unwatched.get(i).cpuPerGigabyte());
    }
    return Spread.of(ratios);
  }

  private static Spread spread(List<Window> windows, ToDoubleFunction<Window> figure) {
    return Spread.of(windows.stream().mapToDouble(figure).boxed().toList());
  }

  private static String word(Kind kind) {
    return kind == Kind.WATCHED ? "watched" : "not watched";
  }
}
