package manycast.control.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Eventually() {}

  /** Returns when it holds; fails when it does not in time. */
  public static void holds(String what, BooleanSupplier condition) {
    within(DEADLINE, what, condition);
  }

  /** As {@link #holds}, with a deadline of its own. */
  public static void within(Duration deadline, String what, BooleanSupplier condition) {
    long until = System.nanoTime() + deadline.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not within " + deadline.toMillis() + " ms: " + what);
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
