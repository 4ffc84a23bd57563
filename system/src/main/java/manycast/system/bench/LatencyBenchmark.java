package manycast.system.bench;

import java.io.IOException;
import java.util.List;
import manycast.system.bench.peer.Point;
import manycast.system.bench.tools.SinkOptions;

/** {@code latency}: how much later pictures arrive than with the floor. */
final class LatencyBenchmark implements Benchmark {
  private static final List<Point> POINTS =
      List.of(new Point(1, 10), new Point(1, 50), new Point(1, 100), new Point(1, 200));

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    for (Point point : lab.pointsOr(POINTS)) {
      PairedWindows measured =
          PairedWindows.measure(
              lab, lab.peers(Flush.IMMEDIATE.settings()), point, SinkOptions.EXACT);
      new Comparison("latency " + point, measured).latencyInto(report);
    }
  }
}
