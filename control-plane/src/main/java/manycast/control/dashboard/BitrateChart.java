package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import manycast.control.live.RecentRates;
import manycast.control.live.RecentRates.Rate;
import manycast.control.samples.SampleService;
import manycast.control.web.Wording;

/**
 * A curve of bitrates over the last five minutes as SVG paths, on a field of {@value #WIDTH} by
 * {@value #HEIGHT} units whose right edge is now.
 *
 * @param line the curve, broken where nothing is known
 * @param area what is below it
 * @param top what the upper edge stands for, in words
 * @param said the curve in one sentence
 * @param values for the script that reads one value out: {@code x:bits per second} each
 */
record BitrateChart(String line, String area, String top, String said, String values) {
  /** One unit is a second. */
  static final int WIDTH = 300;

  static final int HEIGHT = 60;

  private static final Duration GAP = SampleService.EVERY.multipliedBy(3).dividedBy(2);

  /** What the upper edge stands for at the least, in bits per second. */
  static final int LEAST_TOP = 100_000;

  /** With fewer there is no curve to see. */
  private static final int FEWEST = 2;

  static final BitrateChart EMPTY = new BitrateChart("", "", "", "", "");

  /** Of these, oldest first; empty when they are too few. */
  static BitrateChart of(List<Rate> rates, Instant now) {
    if (rates.size() < FEWEST) {
      return EMPTY;
    }
    long highest = rates.stream().mapToLong(Rate::bitrateBps).max().orElse(0);
    long lowest = rates.stream().mapToLong(Rate::bitrateBps).min().orElse(0);
    long top = CurvePath.niceAbove(highest, LEAST_TOP);
    // The last step that is over: the curve is the same until another one is.
    long step = RecentRates.STEP.toMillis();
    Instant right = Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), step) * step - step);
    var curve = new CurvePath(top);
    Rate before = null;
    for (Rate rate : rates) {
      if (before != null && gap(before, rate)) {
        curve.gap();
      }
      curve.point(x(rate, right), rate.bitrateBps());
      before = rate;
    }
    curve.gap();
    return new BitrateChart(
        curve.line(),
        curve.area(),
        edge(top),
        "Bitrate of the last five minutes: lowest "
            + Wording.bitrate(lowest)
            + ", highest "
            + Wording.bitrate(highest)
            + ", at last "
            + Wording.bitrate(rates.getLast().bitrateBps()),
        rates.stream()
            .map(rate -> x(rate, right) + ":" + rate.bitrateBps())
            .collect(Collectors.joining(" ")));
  }

  public boolean drawn() {
    return !line.isEmpty();
  }

  /** A bitrate at the edge of a chart, without noughts that say nothing. */
  static String edge(long bitrateBps) {
    return Wording.bitrate(bitrateBps).replace(".00 ", " ").replaceFirst("(\\.[1-9])0 ", "$1 ");
  }

  /** Whether more is missing between the two than lies between two samples. */
  private static boolean gap(Rate before, Rate after) {
    return Duration.between(before.at(), after.at()).compareTo(GAP) > 0;
  }

  private static long x(Rate rate, Instant right) {
    return Math.clamp(WIDTH - Duration.between(rate.at(), right).toSeconds(), 0, WIDTH);
  }
}
