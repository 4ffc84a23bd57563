package manycast.media.hls;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last part of a media file's path. It has the broadcast's epoch in it: another node that goes
 * on with the broadcast counts anew, and what browsers keep must not be taken for its files.
 */
sealed interface MediaName {
  Pattern NAME =
      Pattern.compile("(\\d{1,18})-(?:i(\\d{1,9})\\.mp4|(\\d{1,18})(?:\\.(\\d{1,6}))?\\.m4s)");

  long epoch();

  /** What a player needs before the segments that name it. */
  record Init(long epoch, int number) implements MediaName {
    @Override
    public String toString() {
      return epoch + "-i" + number + ".mp4";
    }
  }

  /** A whole segment. */
  record Whole(long epoch, long segment) implements MediaName {
    @Override
    public String toString() {
      return epoch + "-" + segment + ".m4s";
    }
  }

  /** One part of a segment, counted from 0. */
  record Slice(long epoch, long segment, int part) implements MediaName {
    @Override
    public String toString() {
      return epoch + "-" + segment + "." + part + ".m4s";
    }
  }

  /** What a name stands for, or null where it is none. */
  static @Nullable MediaName parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    long epoch = Long.parseLong(matcher.group(1));
    if (matcher.group(2) != null) {
      return new Init(epoch, Integer.parseInt(matcher.group(2)));
    }
    long segment = Long.parseLong(matcher.group(3));
    return matcher.group(4) == null
        ? new Whole(epoch, segment)
        : new Slice(epoch, segment, Integer.parseInt(matcher.group(4)));
  }
}
