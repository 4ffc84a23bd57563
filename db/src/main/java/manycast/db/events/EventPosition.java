package manycast.db.events;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the event log, and the outward id of the event there. As text it is 16 hex digits, a
 * dash and 16 hex digits, and texts sort as positions do.
 *
 * @param xact the writing transaction
 * @param seq the order within that transaction; between transactions it says nothing, for it is
 *     handed out before commit
 */
public record EventPosition(long xact, long seq) implements Comparable<EventPosition> {
  /** Before every event. */
  public static final EventPosition START = new EventPosition(0, 0);

  private static final Pattern TEXT = Pattern.compile("([0-7][0-9a-f]{15})-([0-7][0-9a-f]{15})");
  private static final Comparator<EventPosition> ORDER =
      Comparator.comparingLong(EventPosition::xact).thenComparingLong(EventPosition::seq);

  public EventPosition {
    if (xact < 0 || seq < 0) {
      throw new IllegalArgumentException("a position's numbers are not negative");
    }
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static EventPosition parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not an event id: 16 hex digits, a dash, 16 hex digits");
    }
    return new EventPosition(
        Long.parseLong(matcher.group(1), 16), Long.parseLong(matcher.group(2), 16));
  }

  @Override
  public int compareTo(EventPosition other) {
    return ORDER.compare(this, other);
  }

  /** Strictly later in the log. */
  public boolean isAfter(EventPosition other) {
    return compareTo(other) > 0;
  }

  @Override
  public String toString() {
    return "%016x-%016x".formatted(xact, seq);
  }
}
