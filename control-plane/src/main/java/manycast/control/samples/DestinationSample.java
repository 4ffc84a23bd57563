package manycast.control.samples;

import java.time.Instant;
import java.util.UUID;
import manycast.control.broadcasts.RelayState;
import org.jspecify.annotations.Nullable;

/**
 * What one destination got, at one moment: totals so far, figures of that moment. What nobody knew
 * is null.
 *
 * @param lagMs how old the oldest was that still waited
 * @param retransmits segments sent again over the connection of that moment
 * @param unsentBytes what node and kernel held for the connection
 * @param fittingBitrateBps what the connection would carry, where it did not carry the stream
 */
public record DestinationSample(
    Instant at,
    UUID destinationId,
    RelayState state,
    long bitrateBps,
    long bytesSent,
    long framesSent,
    long framesDropped,
    boolean behind,
    int skips,
    int reconnects,
    @Nullable Long lagMs,
    @Nullable Long rttMs,
    @Nullable Long retransmits,
    @Nullable Long unsentBytes,
    @Nullable Long fittingBitrateBps) {}
