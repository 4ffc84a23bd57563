package manycast.system.bench;

import java.io.IOException;
import java.util.List;
import manycast.system.bench.peer.Point;
import manycast.system.bench.tools.SinkOptions;

/** {@code window}: what it saves, and costs in latency, to write every 80 ms only. */
final class WindowBenchmark implements Benchmark {
  private static final List<Point> POINTS = List.of(new Point(1, 200));

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    for (Point point : lab.pointsOr(POINTS)) {
      PairedWindows measured =
          PairedWindows.measure(
              lab, lab.peers(Flush.WINDOW_80_MS.settings()), point, SinkOptions.EXACT);
      new Comparison("window of 80 ms, " + point, measured).costInto(report);
    }
  }
}
