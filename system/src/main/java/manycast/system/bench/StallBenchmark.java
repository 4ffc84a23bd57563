package manycast.system.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manycast.system.bench.peer.Peer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.SinkOptions;
import manycast.system.bench.tools.SinkReport.Connection;

/**
 * {@code stall}: one of ten destinations is not read for a while, through a small receive buffer,
 * and then goes on. The other nine must not notice.
 */
final class StallBenchmark implements Benchmark {
  private static final Point POINT = new Point(1, 10);
  private static final int RECEIVE_BUFFER = 262_144;
  private static final Duration BEFORE = Duration.ofSeconds(5);
  private static final Duration AFTER = Duration.ofSeconds(15);
  private static final List<Duration> STALLS =
      List.of(Duration.ofSeconds(7), Duration.ofSeconds(20));

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Duration stall : STALLS) {
      for (Peer peer : lab.peers(Flush.ADAPTIVE.settings())) {
        if (!peer.name().equals(Lab.FLOOR)) {
          rows.add(stalled(lab, report, peer, stall));
        }
      }
    }
    report.add("stall " + POINT, rows);
  }

  private static Map<String, Object> stalled(Lab lab, Report report, Peer peer, Duration stall)
      throws IOException, InterruptedException {
    SinkOptions options =
        new SinkOptions(
            true,
            0,
            true,
            RECEIVE_BUFFER,
            List.of("--stall", "0:%d@%d".formatted(stall.toMillis(), BEFORE.toMillis())));
    Window window;
    try (Server server = peer.start(POINT, lab.sinkPort())) {
      Feed.warmUp(lab, server, POINT, peer.compiles() ? lab.arguments().warmUp() : Duration.ZERO);
      try (Feed feed = Feed.start(lab, server, POINT, options)) {
        window = feed.measure(Duration.ZERO, BEFORE.plus(stall).plus(AFTER));
      }
    }
    List<Connection> all = window.sink().connections();
    String victim = all.stream().filter(each -> each.index() == 0).findFirst().orElseThrow().app();
    List<Connection> nine = all.stream().filter(each -> !each.app().equals(victim)).toList();
    List<Connection> one = all.stream().filter(each -> each.app().equals(victim)).toList();
    long lost = nine.stream().mapToLong(Connection::lost).sum();
    if (lost > 0 || nine.size() != POINT.destinations() - 1) {
      report.fault(
          "stall of %d s, %s: the others lost %d and had %d connections"
              .formatted(stall.toSeconds(), peer.name(), lost, nine.size()));
    }
    Map<String, Object> row = Report.row();
    row.put("stall s", stall.toSeconds());
    row.put("server", peer.name());
    row.put("the nine: lost", lost);
    row.put("p50 ms", worst(nine.stream().map(each -> each.latency().p50()).toList()));
    row.put("p99 ms", worst(nine.stream().map(each -> each.latency().p99()).toList()));
    row.put("longest ms", worst(nine.stream().map(each -> each.latency().max()).toList()));
    row.put("the stalled: connections", one.size());
    row.put("lost", one.stream().mapToLong(Connection::lost).sum());
    row.put("latest ms", worst(one.stream().map(each -> each.latency().max()).toList()));
    lab.say("%s: %s".formatted(peer.name(), row));
    return row;
  }

  private static double worst(List<Double> figures) {
    return figures.stream().mapToDouble(each -> each).max().orElse(0);
  }
}
