package manycast.media.relay;

/**
 * What a relay has sent of a broadcast; counted on by the next process that carries it.
 *
 * @param framesDue what it was to send, as {@link DueFrames} counts it
 * @param gaveUp whether that process had given its destination up
 */
public record RelayTotals(
    long bytesSent,
    long framesSent,
    long framesDropped,
    long framesDue,
    int skips,
    int reconnects,
    boolean gaveUp) {
  /** Nothing yet. */
  public static final RelayTotals NONE = new RelayTotals(0, 0, 0, 0, 0, 0, false);

  /**
   * Whether it was live, and not only for a moment before its destination was given up: bytes are
   * sent by a handshake alone, frames are not.
   */
  boolean wasLive() {
    return framesSent > 0 && !gaveUp;
  }
}
