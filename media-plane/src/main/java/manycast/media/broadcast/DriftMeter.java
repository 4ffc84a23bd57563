package manycast.media.broadcast;

/**
 * How far the sound has moved against the pictures since the encoder connected. An offset that
 * stays is none: it is measured against what it was at first, over spans of four seconds, and of
 * the last two spans the smaller one counts, so that one that was disturbed says nothing.
 */
final class DriftMeter {
  private static final int SPAN_MS = 4_000;
  private static final long NEVER = Long.MIN_VALUE;

  /** The first span settles, the second one is what the others are compared with. */
  private static final int BASELINE = 2;

  private long spanStartMs = NEVER;
  private long sumMs;
  private int count;
  private int spans;
  private double baselineMs;
  private double lastMs;
  private double beforeMs;

  /**
   * Notes how much later the newest sound's time is than this picture's.
   *
   * @param mediaMs the picture's time
   */
  void add(long soundAheadMs, long mediaMs) {
    if (spanStartMs == NEVER) {
      spanStartMs = mediaMs;
    } else if (mediaMs - spanStartMs >= SPAN_MS) {
      close();
      spanStartMs = mediaMs;
    }
    sumMs += soundAheadMs;
    count++;
  }

  private void close() {
    double mean = (double) sumMs / count;
    sumMs = 0;
    count = 0;
    spans++;
    if (spans == BASELINE) {
      baselineMs = mean;
    } else if (spans > BASELINE) {
      beforeMs = lastMs;
      lastMs = mean - baselineMs;
    }
  }

  /** The next offset is the first one of another connection. */
  void restart() {
    spanStartMs = NEVER;
    sumMs = 0;
    count = 0;
    spans = 0;
    lastMs = 0;
    beforeMs = 0;
  }

  /**
   * Milliseconds that the sound's times are further ahead than at first; negative where they fall
   * behind, 0 in the first quarter of a minute.
   */
  long driftMs() {
    if (lastMs * beforeMs <= 0) {
      return 0;
    }
    return Math.round(Math.abs(lastMs) < Math.abs(beforeMs) ? lastMs : beforeMs);
  }
}
