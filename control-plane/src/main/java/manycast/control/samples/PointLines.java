package manycast.control.samples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the points of one subject into the lines of a chart. */
final class PointLines {
  private final @Nullable Point[] points;

  PointLines(int count) {
    points = new Point[count];
  }

  /** A point outside of the axis, as the last sample of a broadcast may be, is left out. */
  void set(Point point) {
    if (point.slot() >= 0 && point.slot() < points.length) {
      points[point.slot()] = point;
    }
  }

  Chart.Ingest ofIngest() {
    return new Chart.Ingest(
        line(Point::bitrateBps),
        line(Point::frameRate),
        line(Point::silentMs),
        line(Point::keyframeIntervalMs),
        line(Point::jitterMs),
        line(Point::audioAheadMs));
  }

  Chart.Destination ofDestination(UUID id) {
    return new Chart.Destination(
        id,
        line(Point::bitrateBps),
        line(Point::lagMs),
        line(Point::rttMs),
        growth(Point::framesMissing));
  }

  private <T> List<@Nullable T> line(Function<Point, @Nullable T> value) {
    List<@Nullable T> line = new ArrayList<>(points.length);
    for (Point point : Arrays.asList(points)) {
      line.add(point == null ? null : value.apply(point));
    }
    return Collections.unmodifiableList(line);
  }

  /** By how much a total grew since the point before; the first one grew from nothing. */
  private List<@Nullable Long> growth(Function<Point, @Nullable Long> total) {
    List<@Nullable Long> line = new ArrayList<>(points.length);
    long before = 0;
    for (Point point : Arrays.asList(points)) {
      Long now = point == null ? null : total.apply(point);
      line.add(now == null ? null : Long.valueOf(Math.max(0, now - before)));
      before = now == null ? before : now;
    }
    return Collections.unmodifiableList(line);
  }
}
