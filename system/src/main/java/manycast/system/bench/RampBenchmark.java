package manycast.system.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import manycast.system.bench.peer.MediaNode;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.peer.Streams;
import manycast.system.bench.tools.SinkOptions;

/**
 * {@code ramp}: destinations of a live broadcast are switched on, some each second, up to far more
 * than can be served at once, and off again. Nothing may be lost, whichever way the node writes.
 * Told as a curve, second by second.
 */
final class RampBenchmark implements Benchmark {
  private static final Point FEW = new Point(1, 50);
  private static final int MOST = 2000;
  private static final int STEP = 50;
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final Duration AT_THE_TOP = Duration.ofSeconds(10);
  private static final String PREFIX = "ramp-";
  private static final String SERIES = "series";
  private static final String BUSY = "manycast_loop_busy";
  private static final String IN_WINDOWS = "manycast_loops_in_windows";

  /** The sink says one line a second. */
  private static final SinkOptions OPTIONS =
      new SinkOptions(false, 4, false, 0, List.of("--series"));

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    int most = lab.pointsOr(List.of(new Point(1, MOST))).getFirst().destinations();
    List<String> curve = new ArrayList<>();
    Window window;
    try (Streams streams = lab.manycast().streams();
        MediaNode node =
            lab.manycast().startNode(Flush.ADAPTIVE.settings(), lab.arguments().jvmFlags())) {
      UUID stream = streams.make(PREFIX, new Point(1, most), lab.sinkPort()).getFirst();
      streams.enable(stream, FEW.destinations(), most, false);
      Server server = node.server(PREFIX);
      Feed.warmUp(lab, server, FEW, lab.arguments().warmUp());
      try (Feed feed = Feed.start(lab, lab.ours(), server, FEW, OPTIONS)) {
        AtomicBoolean over = new AtomicBoolean();
        Thread watcher = Thread.ofPlatform().start(() -> watch(node, feed, curve, over));
        upAndDown(lab, streams, stream, most);
        window = feed.measureToEnd();
        over.set(true);
        watcher.join();
      }
    }
    if (window.sink().lost() + window.sink().damaged() > 0) {
      report.fault("ramp: " + window.sink().faults());
    }
    curve.addFirst("second,destinations,mbit_s,p50_ms,p99_ms,lost,loop_busy,loops_in_windows");
    lab.say("the curve: " + report.writeCurve("ramp", curve));
    Map<String, Object> row = Report.row();
    row.put("from, to, from", "%d → %d → %1$d".formatted(FEW.destinations(), most));
    row.put("lost", window.sink().lost());
    row.put("damaged", window.sink().damaged());
    row.put("p50 ms", window.p50());
    row.put("p99 ms", window.p99());
    row.put("longest ms", window.sink().latency().max());
    report.add("ramp", List.of(row));
  }

  private static void upAndDown(Lab lab, Streams streams, UUID stream, int most)
      throws IOException, InterruptedException {
    for (int on = FEW.destinations(); on < most; on += STEP) {
      streams.enable(stream, on, Math.min(most, on + STEP), true);
      Thread.sleep(PACE);
    }
    lab.say("ramp: all %d are on".formatted(most));
    Thread.sleep(AT_THE_TOP);
    for (int on = most; on > FEW.destinations(); on -= STEP) {
      streams.enable(stream, Math.max(FEW.destinations(), on - STEP), on, false);
      Thread.sleep(PACE);
    }
    Thread.sleep(AT_THE_TOP);
  }

  /** A line for each second that the sink tells of, with what the node meters at that moment. */
  private static void watch(MediaNode node, Feed feed, List<String> curve, AtomicBoolean over) {
    long bytes = 0;
    double second = 0;
    while (!over.get()) {
      List<String> said = feed.sinkSaid(SERIES);
      if (said.size() > curve.size()) {
        String[] words = said.get(curve.size()).split(" ");
        double now = Double.parseDouble(words[1]);
        long count = Long.parseLong(words[3]);
        Map<String, Double> metrics = metrics(node);
        curve.add(
            String.format(
                Locale.ROOT,
                "%s,%s,%.1f,%s,%s,%s,%.3f,%.0f",
                words[1],
                words[2],
                (count - bytes) * 8 / 1e6 / Math.max(0.001, now - second),
                words[4],
                words[5],
                words[6],
                metrics.getOrDefault(BUSY, 0.0),
                metrics.getOrDefault(IN_WINDOWS, 0.0)));
        bytes = count;
        second = now;
      }
      pause();
    }
  }

  private static Map<String, Double> metrics(MediaNode node) {
    try {
      return node.metrics();
    } catch (IOException busy) {
      return Map.of();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }
}
