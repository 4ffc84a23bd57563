package manycast.media.broadcast;

/**
 * How the times of what an encoder sends go against the clock on the wall. What was held up on its
 * way and then comes all at once only catches up; what is ahead of where it began is too fast.
 */
public final class ClockMeter {
  private static final long NEVER = Long.MIN_VALUE;

  /** The pace is that of the last sixteen seconds. */
  private static final int SPACING_MS = 2_000;

  private RateMeter pace = new RateMeter(SPACING_MS);
  private long firstMs = NEVER;
  private long firstArrivalMs;
  private long newestMs;
  private long newestArrivalMs;

  ClockMeter() {}

  void note(long mediaMs, long nowMs) {
    if (firstMs == NEVER) {
      firstMs = mediaMs;
      firstArrivalMs = nowMs;
      newestMs = mediaMs;
    }
    newestMs = Math.max(newestMs, mediaMs);
    newestArrivalMs = nowMs;
    pace.note(newestMs, nowMs);
  }

  /** The next time is the first one of another connection. */
  void restart() {
    pace = new RateMeter(SPACING_MS);
    firstMs = NEVER;
  }

  /**
   * How much more media has come than time has passed since the encoder connected, in milliseconds;
   * negative where it is less.
   */
  public long leadMs() {
    return firstMs == NEVER ? 0 : newestMs - firstMs - (newestArrivalMs - firstArrivalMs);
  }

  /** Seconds of media a second: 1 is as it should be, 0 where nothing can be told. */
  public double pace(long nowMs) {
    return pace.perSecond(newestMs, nowMs) / 1000.0;
  }
}
