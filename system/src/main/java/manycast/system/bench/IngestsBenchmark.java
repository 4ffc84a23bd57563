package manycast.system.bench;

import java.io.IOException;
import java.util.List;
import manycast.system.bench.peer.Point;
import manycast.system.bench.tools.SinkOptions;

/** {@code ingests}: many publishers at once, with few destinations each. */
final class IngestsBenchmark implements Benchmark {
  private static final List<Point> POINTS = List.of(new Point(200, 5));

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    for (Point point : lab.pointsOr(POINTS)) {
      PairedWindows measured =
          PairedWindows.measure(
              lab, lab.peers(Flush.IMMEDIATE.settings()), point, SinkOptions.CHEAP);
      new Comparison("ingests " + point, measured).costInto(report);
    }
  }
}
