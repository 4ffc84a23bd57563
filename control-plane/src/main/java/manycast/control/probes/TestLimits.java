package manycast.control.probes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * How often an account may have connections tested, so that nobody knocks at foreign doors through
 * us all day. Kept in memory, for at most 20,000 accounts, the longest untouched forgotten first.
 */
@Component
class TestLimits {
  static final int MOST = 10;
  static final Duration WINDOW = Duration.ofMinutes(5);
  private static final int ACCOUNTS = 20_000;

  private final LinkedHashMap<UUID, ArrayDeque<Instant>> tests =
      new LinkedHashMap<>(16, 0.75f, true);

  /** How long the next one has to wait; zero when it may begin, and is then counted. */
  synchronized Duration enter(UUID accountId, Instant now) {
    ArrayDeque<Instant> times = tests.computeIfAbsent(accountId, _ -> new ArrayDeque<>());
    Instant start = now.minus(WINDOW);
    while (!times.isEmpty() && !times.getFirst().isAfter(start)) {
      times.removeFirst();
    }
    if (times.size() >= MOST) {
      return Duration.between(start, times.getFirst());
    }
    times.addLast(now);
    if (tests.size() > ACCOUNTS) {
      tests.pollFirstEntry();
    }
    return Duration.ZERO;
  }
}
