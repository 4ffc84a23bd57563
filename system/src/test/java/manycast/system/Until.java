package manycast.system;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for a condition with a deadline, and says what it last saw when the deadline passes. */
final class Until {
  private Until() {}

  /** Asks again and again until the answer satisfies; an exception counts as "not yet". */
  static <T> T satisfied(
      String what, Duration deadline, Callable<T> question, Predicate<T> enough) {
    long end = System.nanoTime() + deadline.toNanos();
    Object last = "nothing";
    while (true) {
      try {
        T answer = question.call();
        if (enough.test(answer)) {
          return answer;
        }
        last = Optional.<Object>ofNullable(answer).orElse("null");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + what, e);
      } catch (Exception | AssertionError e) {
        last = e;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + deadline + ": " + what + "; last seen: " + last);
      }
      try {
        Thread.sleep(25);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + what, e);
      }
    }
  }

  static void isTrue(String what, Duration deadline, Callable<Boolean> condition) {
    satisfied(what, deadline, condition, Boolean::booleanValue);
  }
}
