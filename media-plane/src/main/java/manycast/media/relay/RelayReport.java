package manycast.media.relay;

import java.time.Instant;
import manycast.media.broadcast.BroadcastClaim;
import org.jspecify.annotations.Nullable;

/**
 * A relay as it is at one moment: what is written down and what the page shows.
 *
 * @param behind whether it lags, or has skipped, and is not yet well again
 * @param permanent whether nothing was, or will be, tried again by itself
 * @param delayMs how much later than it arrived the media is sent: what is in force, not what is
 *     asked for
 * @param lastError the plain sentence, with the destination's own words behind it; without a code
 *     it is advice on a destination that runs
 * @param event the type of the event that this change is, or null when it is none
 */
public record RelayReport(
    BroadcastClaim claim,
    Destination destination,
    RelayState state,
    boolean behind,
    boolean permanent,
    long bitrateBps,
    long bytesSent,
    long framesSent,
    long framesDropped,
    int skips,
    int reconnects,
    @Nullable Long lagMs,
    @Nullable Long rttMs,
    int delayMs,
    @Nullable String lastError,
    @Nullable String lastErrorCode,
    @Nullable Instant nextRetryAt,
    @Nullable String event) {

  /** The same with this event, or with none. */
  public RelayReport withEvent(@Nullable String other) {
    return new RelayReport(
        claim,
        destination,
        state,
        behind,
        permanent,
        bitrateBps,
        bytesSent,
        framesSent,
        framesDropped,
        skips,
        reconnects,
        lagMs,
        rttMs,
        delayMs,
        lastError,
        lastErrorCode,
        nextRetryAt,
        other);
  }
}
