package manycast.db.events;

import java.util.concurrent.ThreadLocalRandom;

/** Growing pauses between attempts, each between the half and the whole of a doubling bound. */
final class Backoff {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 5000;

  private long boundMs = FIRST_MS;

  long nextMs() {
    long pause = boundMs / 2 + ThreadLocalRandom.current().nextLong(boundMs / 2 + 1);
    boundMs = Math.min(LONGEST_MS, boundMs * 2);
    return pause;
  }

  void reset() {
    boundMs = FIRST_MS;
  }
}
