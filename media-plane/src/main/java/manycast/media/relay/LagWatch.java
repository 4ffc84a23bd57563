package manycast.media.relay;

/**
 * Whether a destination counts as behind: from a lag of more than two seconds, or a skip, until it
 * has been well for ten.
 */
final class LagWatch {
  private static final int BEHIND_MS = 2_000;
  private static final int WELL_MS = 10_000;

  private boolean behind;
  private int skips;
  private long wellSinceMs;

  /** A connection begins; what was skipped before it is history. */
  void begin(long nowMs) {
    wellSinceMs = nowMs;
  }

  /** The connection is over. */
  void end() {
    behind = false;
  }

  /** Takes the figures of now and answers whether {@link #isBehind} changed. */
  boolean note(long lagMs, int skipsSoFar, long nowMs) {
    boolean bad = lagMs > BEHIND_MS || skipsSoFar > skips;
    skips = skipsSoFar;
    if (bad) {
      wellSinceMs = nowMs;
    }
    boolean was = behind;
    behind = bad || (behind && nowMs - wellSinceMs < WELL_MS);
    return was != behind;
  }

  boolean isBehind() {
    return behind;
  }
}
