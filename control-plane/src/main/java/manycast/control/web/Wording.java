package manycast.control.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Figures and times as pages write them. Times are UTC here; the page's script puts them into the
 * reader's own zone.
 */
public final class Wording {
  private static final DateTimeFormatter CLOCK = format("HH:mm:ss 'UTC'");
  private static final DateTimeFormatter DAY = format("d MMM");
  private static final DateTimeFormatter MOMENT = format("d MMM yyyy, HH:mm:ss 'UTC'");
  private static final DateTimeFormatter DATE = format("d MMM yyyy, HH:mm 'UTC'");

  private Wording() {}

  /** Such as {@code 640 kbit/s} or {@code 6.02 Mbit/s}; a dash where nobody knows. */
  public static String bitrate(@Nullable Long bitsPerSecond) {
    if (bitsPerSecond == null) {
      return "– kbit/s";
    }
    if (bitsPerSecond < 1_000_000) {
      return Math.round(bitsPerSecond / 1000.0) + " kbit/s";
    }
    return String.format(
        Locale.ROOT,
        bitsPerSecond < 9_995_000 ? "%.2f Mbit/s" : "%.1f Mbit/s",
        bitsPerSecond / 1e6);
  }

  /** Such as {@code 3.2 GB}. */
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB", "PB"};
    double amount = bytes / 1000.0;
    int unit = 0;
    while (amount >= 999.5 && unit < units.length - 1) {
      amount /= 1000;
      unit++;
    }
    return String.format(
        Locale.ROOT,
        amount < 9.995 ? "%.2f %s" : amount < 99.95 ? "%.1f %s" : "%.0f %s",
        amount,
        units[unit]);
  }

  /** Such as {@code 12,345}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** One thing or several: {@code 1 skip}, {@code 3 skips}. */
  public static String count(long number, String one, String several) {
    return count(number) + " " + (number == 1 ? one : several);
  }

  /** Such as {@code 0.3 s}. */
  public static String seconds(long milliseconds) {
    return String.format(
        Locale.ROOT, milliseconds < 10_000 ? "%.1f s" : "%.0f s", milliseconds / 1000.0);
  }

  /** A running clock: {@code 1:02:03}. */
  public static String running(Duration time) {
    Duration t = time.isNegative() ? Duration.ZERO : time;
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", t.toHours(), t.toMinutesPart(), t.toSecondsPart());
  }

  /** A length in words: {@code 48 s}, {@code 1 min 51 s}, {@code 12 min}, {@code 1 h 12 min}. */
  public static String length(Duration time) {
    if (time.toMinutes() == 0) {
      return Math.max(0, time.toSeconds()) + " s";
    }
    if (time.toMinutes() < 10 && time.toSecondsPart() > 0) {
      return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
    return time.toHours() == 0
        ? time.toMinutes() + " min"
        : time.toHours() + " h " + time.toMinutesPart() + " min";
  }

  /** How far ahead a time lies: {@code in 8 s}, or {@code now}. */
  public static String until(Instant time) {
    long seconds = Duration.between(Instant.now(), time).toSeconds();
    return seconds > 0 ? "in " + seconds + " s" : "now";
  }

  public static String clock(Instant time) {
    return CLOCK.format(time);
  }

  public static String day(Instant time) {
    return DAY.format(time);
  }

  /** A date with its time to the second. */
  public static String moment(Instant time) {
    return MOMENT.format(time);
  }

  public static String date(Instant time) {
    return DATE.format(time);
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }
}
