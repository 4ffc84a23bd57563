package manycast.system.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manycast.launcher.rtmp.Publisher;
import manycast.system.bench.peer.MediaNode;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Streams;

/**
 * {@code start}: from the start of a media node's process to its first accepted publish. The node
 * connects to the database, checks schema and key, and claims the broadcast meanwhile.
 */
final class StartBenchmark implements Benchmark {
  private static final int RUNS = 5;
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final String PREFIX = "start-";

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    try (Streams streams = lab.manycast().streams()) {
      streams.make(PREFIX, new Point(1, 5), lab.sinkPort());
    }
    // The first one finds neither the files in memory nor this process's own classes loaded.
    double first = millis(lab);
    List<Double> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(millis(lab));
    }
    Map<String, Object> row = Report.row();
    row.put("server", Lab.MANYCAST);
    row.put("runs", RUNS);
    row.put("ms to the first accepted publish", Spread.of(runs));
    row.put("shortest", runs.stream().mapToDouble(each -> each).min().orElse(0));
    row.put("longest", runs.stream().mapToDouble(each -> each).max().orElse(0));
    row.put("with cold files", first);
    report.add("start", List.of(row));
  }

  private static double millis(Lab lab) throws IOException, InterruptedException {
    try (MediaNode node = lab.manycast().prepareNode(Map.of(), lab.arguments().jvmFlags())) {
      URI server = URI.create("rtmp://127.0.0.1:%d/live".formatted(node.rtmpPort()));
      long begin = System.nanoTime();
      node.launch();
      try (Publisher publisher = publish(server, begin + AT_MOST.toNanos())) {
        double millis = (System.nanoTime() - begin) / 1e6;
        lab.say("accepted after %s ms".formatted(Spread.written(millis)));
        publisher.stop();
        return millis;
      }
    }
  }

  private static Publisher publish(URI server, long end) throws IOException, InterruptedException {
    while (true) {
      try {
        return new Publisher(server, PREFIX + "0");
      } catch (IOException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
        Thread.sleep(1);
      }
    }
  }
}
