package manycast.control.nodes;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A media node as the API answers it.
 *
 * @param state as it says itself, or {@code down} when it has not been heard for longer than its
 *     lease
 * @param maxBroadcasts its capacity; null when it has set itself no bound
 */
@Schema(name = "Node")
public record NodeView(
    String id,
    String url,
    String rtmpUrl,
    String version,
    @Schema(allowableValues = {"starting", "ready", "draining", "down", "gone"}) String state,
    Instant startedAt,
    Instant heartbeatAt,
    @Schema(nullable = true) @Nullable Integer maxBroadcasts,
    long liveBroadcasts,
    float cpuBusy,
    long mediaBytes,
    long mediaBytesMax,
    long egressBps) {}
