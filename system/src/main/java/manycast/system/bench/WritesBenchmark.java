package manycast.system.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manycast.system.bench.host.SystemCalls;
import manycast.system.bench.peer.Peer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.SinkOptions;

/** {@code writes}: how many calls to the kernel a delivered message takes, as strace sees them. */
final class WritesBenchmark implements Benchmark {
  private static final List<Point> POINTS = List.of(new Point(1, 10));
  private static final Duration LENGTH = Duration.ofSeconds(5);

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    if (!SystemCalls.canBeTraced()) {
      throw new IOException("writes needs strace: install it (apt-get install strace)");
    }
    for (Point point : lab.pointsOr(POINTS)) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Peer peer : lab.peers(Flush.IMMEDIATE.settings())) {
        rows.add(count(lab, report, peer, point));
      }
      report.add("writes " + point, rows);
    }
  }

  private static Map<String, Object> count(Lab lab, Report report, Peer peer, Point point)
      throws IOException, InterruptedException {
    try (Server server = peer.start(point, lab.sinkPort());
        Feed feed = Feed.start(lab, server, point, SinkOptions.EXACT);
        SystemCalls calls = SystemCalls.trace(server.pid())) {
      Window window = feed.measure(lab.arguments().settle(), LENGTH, calls::begin, calls::end);
      if (!window.sink().isClean()) {
        report.fault("writes %s, %s: %s".formatted(point, peer.name(), window.sink().faults()));
      }
      SystemCalls.Counts counts = calls.counts();
      double delivered = window.sink().pictures() + window.sink().audioFrames();
      Map<String, Object> row = Report.row();
      row.put("server", peer.name());
      row.put("messages delivered", (long) delivered);
      row.put("writes to sockets", counts.socketWrites());
      row.put("per message", counts.socketWrites() / delivered);
      row.put("io_uring_enter", counts.ringEnters());
      row.put("reads of sockets", counts.socketReads());
      row.put("waits", counts.waits());
      lab.say("%s: %s".formatted(peer.name(), row));
      return row;
    }
  }
}
