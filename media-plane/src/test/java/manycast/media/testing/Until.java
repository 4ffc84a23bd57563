package manycast.media.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting on conditions with a deadline. */
public final class Until {
  private Until() {}

  /** Waits until it is true. */
  public static void isTrue(Duration patience, String what, BooleanSupplier condition) {
    there(patience, what, () -> condition.getAsBoolean() ? Boolean.TRUE : null, () -> "");
  }

  /** Waits until it is there; says what was seen when it is not. */
  public static <T> T there(
      Duration patience, String what, Supplier<@Nullable T> wanted, Supplier<Object> seen) {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      T value = wanted.get();
      if (value != null) {
        return value;
      }
      if (System.nanoTime() > until) {
        throw new AssertionError(
            "not within " + patience.toMillis() + " ms: " + what + "; seen: " + seen.get());
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
