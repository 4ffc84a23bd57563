package manycast.control.samples;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one subject within one step of a chart, summed up.
 *
 * @param slot which step, from 0
 * @param destinationId null of the ingest
 */
record Point(
    int slot,
    @Nullable UUID destinationId,
    @Nullable Long bitrateBps,
    @Nullable Long lagMs,
    @Nullable Long rttMs,
    @Nullable Long framesMissing,
    @Nullable Double frameRate,
    @Nullable Long silentMs,
    @Nullable Long keyframeIntervalMs,
    @Nullable Double jitterMs,
    @Nullable Long audioAheadMs) {}
