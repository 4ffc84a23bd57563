package manycast.control.samples;

import java.time.Instant;
import manycast.control.broadcasts.BroadcastState;
import org.jspecify.annotations.Nullable;

/**
 * What arrived from the encoder, and how its node was, at one moment. What nobody knew is null.
 *
 * @param nodeId who carried the broadcast then
 * @param frames of the default track so far; {@code framesMissing} are not there by the spacing of
 *     the others
 * @param silentMs how long no media had come
 * @param keyframeIntervalMs media time between the last two keyframes
 * @param jitterMs how unevenly frames arrived against their times
 * @param audioAheadMs how much earlier than the picture of the same time the sound arrived
 * @param loopBusy share of a processor that the broadcast's event loop used, 0 to 1
 * @param loopsBlocked how often a loop of the node had hung since it started
 * @param memoryShare share of the bound of media bytes that the node held, 0 to 1
 */
public record IngestSample(
    Instant at,
    String nodeId,
    BroadcastState state,
    long bitrateBps,
    long frames,
    long framesMissing,
    @Nullable Long silentMs,
    @Nullable Double frameRate,
    @Nullable Integer keyframeIntervalMs,
    @Nullable Double jitterMs,
    @Nullable Integer audioAheadMs,
    @Nullable Double loopBusy,
    @Nullable Long loopsBlocked,
    @Nullable Double memoryShare) {}
