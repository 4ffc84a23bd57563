package manycast.system.bench.peer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much is relayed at once.
 *
 * @param ingests how many publishers there are
 * @param destinations of each
 */
public record Point(int ingests, int destinations) {
  private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,4})x([0-9]{1,4})");

  /** Reads what {@link #toString} writes, such as {@code 1x50}. */
  public static Point parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"" + text + "\": accepted: such as 1x50");
    }
    Point point = new Point(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    if (point.ingests == 0 || point.destinations == 0) {
      throw new IllegalArgumentException("\"" + text + "\": accepted: at least 1x1");
    }
    return point;
  }

  /** Connections to the sink. */
  public int relays() {
    return ingests * destinations;
  }

  @Override
  public String toString() {
    return ingests + "x" + destinations;
  }
}
