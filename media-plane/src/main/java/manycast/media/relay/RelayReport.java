package manycast.media.relay;

import java.time.Instant;
import manycast.media.broadcast.BroadcastClaim;
import org.jspecify.annotations.Nullable;

/**
 * A relay as it is at one moment: what is written down and what the page shows.
 *
 * @param behind whether it lags, or has skipped, and is not yet well again
 * @param permanent whether nothing was, or will be, tried again by itself
 * @param framesDue how many frames were to be sent by now: what was sent, and what was missed
 * @param rttMs round trip time to the destination, and {@code retransmits} what was sent again over
 *     this connection; null where the kernel does not tell or nothing is connected
 * @param unsentBytes what this process and its kernel hold for the connection and have not sent
 * @param fittingBitrateBps what this connection would carry, where it does not carry the stream
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
    long framesDue,
    int skips,
    int reconnects,
    @Nullable Long lagMs,
    @Nullable Long rttMs,
    @Nullable Long retransmits,
    @Nullable Long unsentBytes,
    @Nullable Long fittingBitrateBps,
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
        framesDue,
        skips,
        reconnects,
        lagMs,
        rttMs,
        retransmits,
        unsentBytes,
        fittingBitrateBps,
        delayMs,
        lastError,
        lastErrorCode,
        nextRetryAt,
        other);
  }
}
