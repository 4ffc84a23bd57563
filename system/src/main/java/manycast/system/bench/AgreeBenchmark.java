package manycast.system.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manycast.system.bench.peer.Point;
import manycast.system.bench.tools.LoadTools;
import manycast.system.bench.tools.SinkOptions;

/**
 * {@code agree}: whether our own tools and rtmpload find the same cost of a gigabyte relative to
 * the floor, each with its own publisher, sink, floor and clip.
 */
final class AgreeBenchmark implements Benchmark {
  private static final List<Point> POINTS = List.of(new Point(1, 100));
  private static final double WITHIN = 0.1;

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    if (lab.tools().equals(lab.ours())) {
      throw new IOException("agree needs MANYCAST_RTMPLOAD, to compare our own tools with");
    }
    for (Point point : lab.pointsOr(POINTS)) {
      List<Map<String, Object>> rows = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (LoadTools tools : List.of(lab.ours(), lab.tools())) {
        Lab with = lab.with(tools);
        PairedWindows measured =
            PairedWindows.measure(
                with, with.floorAndManycast(Flush.IMMEDIATE.settings()), point, SinkOptions.EXACT);
        Spread ratio = measured.timesFloor(Lab.MANYCAST, Window::cpuPerGigabyte);
        ratios.add(ratio.median());
        Map<String, Object> row = Report.row();
        row.put("tools", tools.name());
        row.put("floor, CPU-s/GB", measured.spread(Lab.FLOOR, Window::cpuPerGigabyte));
        row.put("manycast, CPU-s/GB", measured.spread(Lab.MANYCAST, Window::cpuPerGigabyte));
        row.put("× floor", ratio);
        row.put("apart from the first", ratios.getFirst() / ratio.median() - 1);
        row.put("agree", Math.abs(ratios.getFirst() / ratio.median() - 1) <= WITHIN ? "yes" : "no");
        rows.add(row);
      }
      report.add("agree " + point, rows);
    }
  }
}
