package manycast.system.bench.load;

/**
 * How long stamped pictures took to somebody who is given them in pieces, as those who watch a
 * preview are: each picture, and of each piece the newest one, which waited for no other. Safe from
 * any thread.
 */
public final class Arrivals {
  private static final int NANOS_A_MICRO = 1_000;

  private final Histogram all = new Histogram();
  private final Histogram newest = new Histogram();

  /** Begins anew. */
  public synchronized void clear() {
    all.clear();
    newest.clear();
  }

  /**
   * A piece of media is here as a whole.
   *
   * @param nanos when, by {@link System#nanoTime}, which is the clock of stamps
   */
  public synchronized void add(byte[] piece, long nanos) {
    long last = 0;
    boolean found = false;
    for (int end = Stamp.SIZE; end <= piece.length; end++) {
      Stamp stamp = Stamp.read(piece, end);
      if (stamp != null) {
        all.add((nanos - stamp.nanos()) / NANOS_A_MICRO);
        last = found ? Math.max(last, stamp.nanos()) : stamp.nanos();
        found = true;
      }
    }
    if (found) {
      newest.add((nanos - last) / NANOS_A_MICRO);
    }
  }

  /** Milliseconds that this share of all pictures did not take longer than. */
  public synchronized double ofAll(double share) {
    return all.quantile(share);
  }

  /** The same of the newest picture of each piece. */
  public synchronized double ofNewest(double share) {
    return newest.quantile(share);
  }
}
