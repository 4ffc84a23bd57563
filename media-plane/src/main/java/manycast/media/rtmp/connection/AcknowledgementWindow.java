package manycast.media.rtmp.connection;

/** Tells when the peer is owed an acknowledgement: Adobe-type encoders stall without (§5.4.3). */
final class AcknowledgementWindow {
  /** What holds until the peer names its own. */
  private static final long DEFAULT = 2_500_000;

  private long window = DEFAULT;
  private long acknowledged;

  void resize(long bytes) {
    window = Math.max(1, bytes);
  }

  /** Counts what was received and answers whether to acknowledge it now: at half a window. */
  boolean isDue(long total) {
    if (total - acknowledged < (window + 1) / 2) {
      return false;
    }
    acknowledged = total;
    return true;
  }
}
