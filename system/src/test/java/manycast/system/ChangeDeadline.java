package manycast.system;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * The time in which a change must show at a live stream: the contract's second, threefold for slow
 * machines. It runs from the API's answer to the change.
 */
final class ChangeDeadline {
  private static final Duration APPLIED = Duration.ofSeconds(3);

  private final long answered = System.nanoTime();

  private ChangeDeadline() {}

  /** To be called with nothing between it and the API's answer. */
  static ChangeDeadline startsNow() {
    return new ChangeDeadline();
  }

  /** Waits for a condition with what is left of the time. */
  void await(String what, Callable<Boolean> condition) {
    Until.isTrue(what, APPLIED.minusNanos(System.nanoTime() - answered), condition);
  }
}
