package manycast.control.dashboard;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that many threads need the newest of: whoever finds it outdated reads it anew for all.
 * A failure is everybody's as well until it is tried again, so that a database that is away keeps
 * one of them waiting and not each in its turn.
 */
final class SharedReading<T> {
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable T last;
  private @Nullable RuntimeException failure;
  private long failedNanos;

  /**
   * What was read last where that is good still, else what {@code read} gives now; throws what it
   * threw within the last second.
   */
  T get(Predicate<T> isGood, Supplier<T> read) {
    lock.lock();
    try {
      RuntimeException failed = failure;
      if (failed != null && System.nanoTime() - failedNanos < TRY_AGAIN.toNanos()) {
        throw failed;
      }
      T value = last;
      if (value == null || !isGood.test(value)) {
        value = read.get();
        last = value;
      }
      failure = null;
      return value;
    } catch (RuntimeException e) {
      if (e != failure) {
        failure = e;
        failedNanos = System.nanoTime();
      }
      throw e;
    } finally {
      lock.unlock();
    }
  }
}
