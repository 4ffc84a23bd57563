package manycast.media.hls;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One range of a file's bytes (RFC 9110 §14): Safari plays no film without. */
record ByteRange(int from, int length) {
  private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,9})-(\\d{0,9})");

  /**
   * The range that a header asks for, or null where it is to be ignored: several ranges, another
   * unit, nothing of this file.
   */
  static @Nullable ByteRange parse(String header, int fileLength) {
    Matcher matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return null;
    }
    int from;
    int to = fileLength - 1;
    if (matcher.group(1).isEmpty()) {
      from = Math.max(0, fileLength - Integer.parseInt(matcher.group(2)));
    } else {
      from = Integer.parseInt(matcher.group(1));
      to = matcher.group(2).isEmpty() ? to : Math.min(to, Integer.parseInt(matcher.group(2)));
    }
    return from > to ? null : new ByteRange(from, to - from + 1);
  }

  /** The header that says which range of a file of this length is sent. */
  String of(int fileLength) {
    return "bytes " + from + "-" + (from + length - 1) + "/" + fileLength;
  }
}
