package manycast.media.rtmp.netty;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a deadline. */
final class Await {
  private Await() {}

  static void until(Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still not so after 20 s: " + what.get());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
