package manycast.launcher.process;

import java.time.Duration;

/**
 * How long to wait before a process that died is started again: not at all the first time, then
 * longer each time.
 */
public final class Backoff {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration HEALTHY = Duration.ofSeconds(30);
  private static final Duration FIRST_WAIT = Duration.ofMillis(250);

  private int deaths;

  /** The wait after a process that lived this long has died. */
  public Duration afterLife(Duration life) {
    if (life.compareTo(HEALTHY) >= 0) {
      deaths = 0;
    }
    deaths++;
    if (deaths == 1) {
      return Duration.ZERO;
    }
    int doublings = Math.min(deaths - 2, 10);
    Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}
