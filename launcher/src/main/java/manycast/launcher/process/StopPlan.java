package manycast.launcher.process;

import java.time.Duration;

/**
 * How a process is asked to end, and for how long it may take before it is killed.
 *
 * @param deadline from the signal to SIGKILL
 */
public record StopPlan(Signals signal, Duration deadline) {
  private static final long POLL_MILLIS = 20;

  /**
   * Carries the plan out and returns when the process is gone.
   *
   * @param leader a process that leads a group of its own; what is left of the group is killed
   * @return whether it ended by itself
   */
  public boolean stop(ProcessId leader) {
    long end = System.nanoTime() + deadline.toNanos();
    boolean byItself = true;
    if (leader.isAlive()) {
      signal.send(leader.pid());
      byItself = awaitEnd(leader, end);
    }
    if (!byItself) {
      Signals.KILL.sendToGroup(leader.pid());
      awaitEnd(leader, System.nanoTime() + Duration.ofSeconds(5).toNanos());
    }
    return byItself;
  }

  private static boolean awaitEnd(ProcessId process, long end) {
    while (process.isAlive()) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
