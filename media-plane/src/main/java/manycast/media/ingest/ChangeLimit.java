package manycast.media.ingest;

/**
 * Bounds how often one connection changes what holds for its frames: its codec configs, its
 * metadata. Encoders do so when they begin and then a few times a minute at most; each change costs
 * every reader. Belongs to the connection's loop.
 */
final class ChangeLimit {
  /** All tracks that a connection may have begin within it three times over. */
  static final int AT_ONCE = 100;

  /** So many a second are allowed for ever. */
  static final int PER_SECOND = 10;

  private static final int EVERY_MS = 1_000 / PER_SECOND;

  /** When all changes so far would have come if they had come evenly. */
  private long spreadUntilMs = Long.MIN_VALUE;

  /** Counts a change and answers true, or counts nothing and answers false. */
  boolean allows(long nowMs) {
    long from = Math.max(spreadUntilMs, nowMs);
    if (from - nowMs > (AT_ONCE - 1) * EVERY_MS) {
      return false;
    }
    spreadUntilMs = from + EVERY_MS;
    return true;
  }
}
