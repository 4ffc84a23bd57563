package manycast.control.broadcasts;

import org.jspecify.annotations.Nullable;

/**
 * How much a destination got of what it was to get, in frames. What was handed to its connection
 * counts as delivered.
 *
 * @param skipped frames that were passed over because it lagged; {@code missed} those that came
 *     while it had no connection, or that the end came before
 */
public record DeliveredShare(long delivered, long due, long skipped, long missed) {

  /** Of a relay; null where what was due was not counted, or nothing was due. */
  static @Nullable DeliveredShare of(Relay relay) {
    return of(relay.framesDue(), relay.framesSent(), relay.framesDropped());
  }

  static @Nullable DeliveredShare of(@Nullable Long due, long sent, long dropped) {
    // A node that does not count writes what it sent beside what another one counted.
    if (due == null || due <= 0 || due < sent) {
      return null;
    }
    long missing = due - sent;
    // Skips are counted over all tracks of the broadcast, what is due over those of the
    // destination.
    long skipped = Math.min(dropped, missing);
    return new DeliveredShare(due - missing, due, skipped, missing - skipped);
  }

  /** In percent with one decimal, rounded down: 100 only where nothing is missing. */
  public double percent() {
    return Math.floorDiv(delivered * 1000, due) / 10.0;
  }
}
