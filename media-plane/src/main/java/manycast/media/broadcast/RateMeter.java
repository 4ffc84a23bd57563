package manycast.media.broadcast;

/** The rate of a growing total over the last seconds: eight spacings of its samples. */
public final class RateMeter {
  private static final int SAMPLES = 9;
  private static final int SPACING_MS = 250;

  private final long[] totals = new long[SAMPLES];
  private final long[] times = new long[SAMPLES];
  private final int spacingMs;
  private int count;

  /** Over the last two seconds. */
  public RateMeter() {
    this(SPACING_MS);
  }

  /** Over eight times so long. */
  public RateMeter(int spacingMs) {
    this.spacingMs = spacingMs;
  }

  /** Notes the total as it is now; what comes sooner than the spacing is no use, and ignored. */
  public void note(long total, long nowMs) {
    if (count > 0 && nowMs - times[(count - 1) % SAMPLES] < spacingMs) {
      return;
    }
    totals[count % SAMPLES] = total;
    times[count % SAMPLES] = nowMs;
    count++;
  }

  /**
   * Growth per second, between the oldest sample that is kept and the total now; 0 before there is
   * one.
   */
  public long perSecond(long total, long nowMs) {
    if (count == 0) {
      return 0;
    }
    int oldest = count <= SAMPLES ? 0 : count % SAMPLES;
    long elapsed = nowMs - times[oldest];
    return elapsed <= 0 ? 0 : (total - totals[oldest]) * 1000 / elapsed;
  }
}
