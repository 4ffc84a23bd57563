package manycast.media.relay;

import java.util.random.RandomGenerator;

/**
 * Growing waits between attempts: up to 1 s, 2 s, 4 s … 30 s, each drawn at random below its bound,
 * so that many do not return together.
 */
final class Backoff {
  private static final int FIRST_MS = 1_000;
  private static final int LONGEST_MS = 30_000;
  private static final int SHORTEST_MS = 200;

  private final RandomGenerator random;
  private int boundMs = FIRST_MS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The wait before the next attempt. */
  int nextMs() {
    int wait = Math.max(SHORTEST_MS, random.nextInt(boundMs + 1));
    boundMs = Math.min(LONGEST_MS, boundMs * 2);
    return wait;
  }

  /** Begins anew: the last attempt has been healthy for long enough. */
  void reset() {
    boundMs = FIRST_MS;
  }
}
