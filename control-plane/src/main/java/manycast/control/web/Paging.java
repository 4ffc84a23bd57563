package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import manycast.control.input.Faults;
import manycast.control.input.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param after the id that the part begins after; null for the first
 * @param limit how many items at most, 1 to 100
 */
public record Paging(@Nullable String after, int limit) {
  static final int DEFAULT = 50;
  static final int MOST = 100;
  private static final String NO_PLACE = "must be the next of an earlier answer";

  static Paging of(HttpServletRequest request) {
    var faults = new Faults();
    int limit = limit(request.getParameter("limit"), faults);
    String after = request.getParameter("after");
    if (after != null && after.chars().anyMatch(Character::isISOControl)) {
      faults.add("after", NO_PLACE);
    }
    faults.throwIfAny();
    return new Paging(after, limit);
  }

  private static int limit(@Nullable String text, Faults faults) {
    if (text == null) {
      return DEFAULT;
    }
    try {
      int limit = Integer.parseInt(text);
      faults.checkRange("limit", limit, 1, MOST);
      return limit;
    } catch (NumberFormatException e) {
      faults.add("limit", "must be a whole number from 1 to " + MOST);
      return DEFAULT;
    }
  }

  /** {@link #after} of a list whose ids are UUIDs; anything else is refused. */
  public @Nullable UUID afterId() {
    if (after == null) {
      return null;
    }
    try {
      return UUID.fromString(after);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("after", NO_PLACE);
    }
  }

  /** How many to ask of the database: one more, to learn whether there are more. */
  public int oneMore() {
    return limit + 1;
  }
}
