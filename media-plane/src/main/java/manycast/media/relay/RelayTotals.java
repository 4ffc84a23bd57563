package manycast.media.relay;

/**
 * What a relay has sent of a broadcast; counted on by the next process that carries it.
 *
 * @param framesDue what it was to send, as {@link DueFrames} counts it
 */
public record RelayTotals(
    long bytesSent,
    long framesSent,
    long framesDropped,
    long framesDue,
    int skips,
    int reconnects) {
  /** Nothing yet. */
  public static final RelayTotals NONE = new RelayTotals(0, 0, 0, 0, 0, 0);

  /** Whether it was live: bytes are sent by a handshake alone, frames are not. */
  boolean wasLive() {
    return framesSent > 0;
  }
}
