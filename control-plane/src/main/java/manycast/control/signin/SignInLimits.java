package manycast.control.signin;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Slows down who guesses passwords: failed attempts are counted per account and per address of the
 * last quarter of an hour. Loopback is no address in this sense. Kept in memory, for at most 20,000
 * subjects, the longest untouched forgotten first.
 */
@Component
class SignInLimits {
  static final int PER_ACCOUNT = 10;
  static final int PER_ADDRESS = 30;
  static final Duration WINDOW = Duration.ofMinutes(15);
  private static final int SUBJECTS = 20_000;

  private final LinkedHashMap<String, ArrayDeque<Instant>> failures =
      new LinkedHashMap<>(64, 0.75f, true);

  /** How long this attempt has to wait; zero when it may go on. */
  synchronized Duration wait(String email, String address, Instant now) {
    Duration account = wait("account " + email.toLowerCase(Locale.ROOT), PER_ACCOUNT, now);
    Duration from =
        isLoopback(address) ? Duration.ZERO : wait("address " + address, PER_ADDRESS, now);
    return account.compareTo(from) > 0 ? account : from;
  }

  /** Counts a failed attempt. */
  synchronized void failed(String email, String address, Instant now) {
    count("account " + email.toLowerCase(Locale.ROOT), PER_ACCOUNT, now);
    if (!isLoopback(address)) {
      count("address " + address, PER_ADDRESS, now);
    }
  }

  /**
   * The right password was given: what was mistyped before no longer counts against the account.
   */
  synchronized void succeeded(String email) {
    failures.remove("account " + email.toLowerCase(Locale.ROOT));
  }

  private Duration wait(String subject, int limit, Instant now) {
    ArrayDeque<Instant> times = failures.get(subject);
    if (times == null) {
      return Duration.ZERO;
    }
    Instant start = now.minus(WINDOW);
    while (!times.isEmpty() && !times.getFirst().isAfter(start)) {
      times.removeFirst();
    }
    return times.size() < limit ? Duration.ZERO : Duration.between(start, times.getFirst());
  }

  private void count(String subject, int limit, Instant now) {
    ArrayDeque<Instant> times = failures.computeIfAbsent(subject, s -> new ArrayDeque<>());
    times.addLast(now);
    if (times.size() > limit) {
      times.removeFirst();
    }
    if (failures.size() > SUBJECTS) {
      failures.pollFirstEntry();
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.ofLiteral(address).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
