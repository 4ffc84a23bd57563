package manycast.control.incidents;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event of a broadcast, as far as the rules need it.
 *
 * @param nodeId who told it, where that was not the broadcast's own node in the course of its work:
 *     an interruption with it is that of a node which was lost or let go
 * @param code of the failure that it tells of
 * @param error that failure in words
 * @param times how many alike in a row it stands for, the last of which it is
 */
public record Occurrence(
    Instant at,
    String type,
    @Nullable UUID destinationId,
    @Nullable String nodeId,
    @Nullable String code,
    @Nullable String error,
    int times) {}
