package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import manycast.control.samples.Chart;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * A curve over the whole of a broadcast as SVG paths, on the same field as {@link BitrateChart};
 * what was not measured is a gap.
 *
 * @param title what it is of
 * @param line the curve, {@code area} what is below it
 * @param top what the upper edge stands for, in words
 * @param said the curve in one sentence
 * @param unit of the values; empty where they are bits per second
 * @param values for the script that reads one value out: {@code x:value} each
 */
record ReportChart(
    String title, String line, String area, String top, String said, String unit, String values) {
  /** With fewer there is no curve to see. */
  private static final int FEWEST = 2;

  /** A curve as wide as a word needs no more points. */
  private static final int SMALL = 75;

  /** What a curve is of: how its values are called, and how they are written. */
  private record Kind(
      String title,
      String unit,
      double leastTop,
      DoubleFunction<String> edge,
      DoubleFunction<String> value) {}

  private static final Kind BITRATE =
      new Kind(
          "Bitrate",
          "",
          BitrateChart.LEAST_TOP,
          bps -> BitrateChart.edge(Math.round(bps)),
          bps -> Wording.bitrate(Math.round(bps)));

  private static final Kind FRAME_RATE =
      new Kind(
          "Frames per second",
          "fps",
          10,
          rate -> CurvePath.written(rate) + " fps",
          rate -> CurvePath.written(rate) + " fps");

  /** What arrived from the encoder: the bitrate, and the frames per second where they are known. */
  static List<ReportChart> ofIngest(Chart chart) {
    return Stream.of(
            of(BITRATE, chart, chart.ingest().bitrateBps()),
            of(FRAME_RATE, chart, chart.ingest().frameRate()))
        .flatMap(Stream::ofNullable)
        .toList();
  }

  /** What one destination was sent, as a small curve; null where it was sent nothing. */
  static @Nullable ReportChart ofDestination(Chart chart, Chart.Destination place) {
    boolean nothing =
        place.bitrateBps().stream().allMatch(bitrate -> bitrate == null || bitrate == 0);
    return nothing ? null : of(BITRATE, chart, thinned(place.bitrateBps(), SMALL));
  }

  private static @Nullable ReportChart of(
      Kind kind, Chart chart, List<? extends @Nullable Number> values) {
    DoubleSummaryStatistics known = known(values);
    if (known.getCount() < FEWEST) {
      return null;
    }
    double top = CurvePath.niceAbove(known.getMax(), kind.leastTop);
    double length = Math.max(1, Duration.between(chart.from(), chart.to()).toSeconds());
    double step = (double) chart.stepSeconds() * chart.times().size() / values.size();
    var curve = new CurvePath(top);
    var read = new ArrayList<String>();
    for (int i = 0; i < values.size(); i++) {
      Number value = values.get(i);
      if (value == null) {
        curve.gap();
        continue;
      }
      double x = Math.min(BitrateChart.WIDTH, (i + 0.5) * step / length * BitrateChart.WIDTH);
      curve.point(x, value.doubleValue());
      read.add(CurvePath.written(x) + ":" + CurvePath.written(value.doubleValue()));
    }
    curve.gap();
    return new ReportChart(
        kind.title,
        curve.line(),
        curve.area(),
        kind.edge.apply(top),
        "%s over the broadcast: lowest %s, highest %s, on average %s%s"
            .formatted(
                kind.title,
                kind.value.apply(known.getMin()),
                kind.value.apply(known.getMax()),
                kind.value.apply(known.getAverage()),
                gaps(values) ? "; there are gaps where nothing was measured" : ""),
        kind.unit,
        String.join(" ", read));
  }

  private static DoubleSummaryStatistics known(List<? extends @Nullable Number> values) {
    var known = new DoubleSummaryStatistics();
    for (Number value : values) {
      if (value != null) {
        known.accept(value.doubleValue());
      }
    }
    return known;
  }

  /** Whether nothing is known of some of it; the first and the last moment may well have none. */
  private static boolean gaps(List<? extends @Nullable Number> values) {
    for (int i = 1; i < values.size() - 1; i++) {
      if (values.get(i) == null) {
        return true;
      }
    }
    return false;
  }

  /** The same in at most so many points: means of what is known. */
  static List<@Nullable Double> thinned(List<@Nullable Long> values, int most) {
    int each = Math.max(1, Math.ceilDiv(values.size(), most));
    List<@Nullable Double> thin = new ArrayList<>();
    for (int from = 0; from < values.size(); from += each) {
      DoubleSummaryStatistics known =
          known(values.subList(from, Math.min(values.size(), from + each)));
      thin.add(known.getCount() == 0 ? null : (Double) known.getAverage());
    }
    return thin;
  }

  /** The time axis of the charts of one broadcast. */
  record Axis(Instant from, Instant to, boolean ended) {
    public long fromSeconds() {
      return from.getEpochSecond();
    }

    public long lengthSeconds() {
      return Math.max(1, Duration.between(from, to).toSeconds());
    }

    public String fromText() {
      return Wording.clock(from);
    }

    public String toText() {
      return Wording.clock(to);
    }
  }
}
