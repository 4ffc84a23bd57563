package manycast.media.relay;

import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import org.jspecify.annotations.Nullable;

/** How much later than it arrived one destination gets the media, and why not as asked for. */
final class RelayDelay {
  private int ms;
  private @Nullable String refusal;

  RelayDelay(int ms) {
    this.ms = ms;
  }

  /** The delay of every cursor that is opened from here on. */
  int ms() {
    return ms;
  }

  /** What is in force at this cursor: a shorter one only from a keyframe on. */
  int inForceMs(@Nullable Cursor cursor) {
    return cursor == null ? ms : cursor.delayMs();
  }

  /** Why the delay that is asked for is not in force, or null. */
  @Nullable String refusal() {
    return refusal;
  }

  /**
   * Takes the delay that is asked for, where the node has room for it, and answers whether it is
   * longer than before.
   */
  boolean change(int askedMs, BroadcastLog log, long bitrateBps) {
    if (askedMs == ms) {
      refusal = null;
      return false;
    }
    if (askedMs > ms && !log.hasRoomFor(askedMs, bitrateBps / 8)) {
      refusal =
          "This node has no room for a delay of "
              + askedMs / 1000.0
              + " seconds at this bitrate; it stays at "
              + ms / 1000.0
              + " seconds.";
      return false;
    }
    boolean longer = askedMs > ms;
    ms = askedMs;
    refusal = null;
    return longer;
  }
}
