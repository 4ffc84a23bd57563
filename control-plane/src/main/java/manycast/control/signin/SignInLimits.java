package manycast.control.signin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Slows down who guesses passwords: failed attempts are counted per account and per address of the
 * last quarter of an hour. Loopback is no address in this sense, and an IPv6 network of 64 bits is
 * one, since whoever has one address of it has them all. Kept in memory, for at most 20,000
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
    Duration from = isLoopback(address) ? Duration.ZERO : wait(network(address), PER_ADDRESS, now);
    return account.compareTo(from) > 0 ? account : from;
  }

  /** Counts a failed attempt. */
  synchronized void failed(String email, String address, Instant now) {
    count("account " + email.toLowerCase(Locale.ROOT), PER_ACCOUNT, now);
    if (!isLoopback(address)) {
      count(network(address), PER_ADDRESS, now);
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

  private static String network(String address) {
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      if (parsed instanceof Inet6Address) {
        return "network " + HexFormat.of().formatHex(parsed.getAddress(), 0, 8);
      }
    } catch (IllegalArgumentException e) {
      // As it is written.
    }
    return "address " + address;
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.ofLiteral(address).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
