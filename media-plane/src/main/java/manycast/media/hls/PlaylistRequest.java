package manycast.media.hls;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a player asks for a playlist (HLS 2 §6.2.5).
 *
 * @param segment the answer is to have this one, or part of it; null where any answer will do
 * @param part of that segment; null for all of it
 * @param skip it has what is old already
 */
record PlaylistRequest(@Nullable Long segment, @Nullable Integer part, boolean skip) {
  /** A request without wishes. */
  static final PlaylistRequest ANY = new PlaylistRequest(null, null, false);

  /** The request with these parameters, or null where they are malformed. */
  static @Nullable PlaylistRequest parse(Map<String, List<String>> query) {
    try {
      String segment = first(query, "_HLS_msn");
      String part = first(query, "_HLS_part");
      String skip = first(query, "_HLS_skip");
      if ((segment == null && part != null)
          || (segment != null && segment.startsWith("-"))
          || (part != null && part.startsWith("-"))) {
        return null;
      }
      return new PlaylistRequest(
          segment == null ? null : Long.valueOf(segment),
          part == null ? null : Integer.valueOf(part),
          skip != null && (skip.equals("YES") || skip.equals("v2")));
    } catch (NumberFormatException malformed) {
      return null;
    }
  }

  private static @Nullable String first(Map<String, List<String>> query, String name) {
    List<String> values = query.get(name);
    return values == null ? null : values.getFirst();
  }
}
