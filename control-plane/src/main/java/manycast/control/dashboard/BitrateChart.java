package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import manycast.control.live.RecentRates;
import manycast.control.live.RecentRates.Rate;
import manycast.control.samples.SampleService;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

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
    long top = niceAbove(highest);
    // The last step that is over: the curve is the same until another one is.
    long step = RecentRates.STEP.toMillis();
    Instant right = Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), step) * step - step);
    var line = new StringBuilder();
    var area = new StringBuilder();
    Rate before = null;
    for (Rate rate : rates) {
      String point = x(rate, right) + " " + y(rate, top);
      if (before == null || gap(before, rate)) {
        closeArea(area, before, right);
        line.append('M').append(point);
        area.append('M')
            .append(x(rate, right))
            .append(' ')
            .append(HEIGHT)
            .append('L')
            .append(point);
      } else {
        line.append('L').append(point);
        area.append('L').append(point);
      }
      before = rate;
    }
    closeArea(area, before, right);
    return new BitrateChart(
        line.toString(),
        area.toString(),
        Wording.bitrate(top).replace(".00 ", " ").replaceFirst("(\\.[1-9])0 ", "$1 "),
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

  private static void closeArea(StringBuilder area, @Nullable Rate last, Instant right) {
    if (last != null) {
      area.append('L').append(x(last, right)).append(' ').append(HEIGHT).append('Z');
    }
  }

  /** Whether more is missing between the two than lies between two samples. */
  private static boolean gap(Rate before, Rate after) {
    return Duration.between(before.at(), after.at()).compareTo(GAP) > 0;
  }

  private static long x(Rate rate, Instant right) {
    return Math.clamp(WIDTH - Duration.between(rate.at(), right).toSeconds(), 0, WIDTH);
  }

  private static String y(Rate rate, long top) {
    double y = HEIGHT - (double) HEIGHT * rate.bitrateBps() / top;
    return String.format(Locale.ROOT, "%.1f", y).replace(".0", "");
  }

  /** The next 1, 1.5, 2, 3, 5 or 8 of some power of ten, with a little room above. */
  private static long niceAbove(long value) {
    double wanted = Math.max(value * 1.1, 100_000);
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double step : new double[] {1, 1.5, 2, 3, 5, 8, 10}) {
      if (step * power >= wanted) {
        return Math.round(step * power);
      }
    }
    return Math.round(10 * power);
  }
}
