package manycast.control.database;

import java.time.Duration;
import java.time.Instant;

/**
 * For how long this process has looked at a ready database without a gap, by the database's clock:
 * a machine that slept, or a process that was held, has seen nothing meanwhile, whatever its own
 * clock says.
 *
 * @param since the first look after the last gap
 * @param seen the last look
 */
public record Steadiness(Instant since, Instant seen) {
  /** Looks that lie further apart leave a gap: no longer than the lease of a node. */
  public static final Duration LONGEST_GAP = Duration.ofSeconds(6);

  static Steadiness begun(Instant now) {
    return new Steadiness(now, now);
  }

  /** After one more look. */
  Steadiness seenAt(Instant now) {
    return now.isAfter(seen.plus(LONGEST_GAP)) ? begun(now) : new Steadiness(since, now);
  }
}
