package manycast.db.events;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of the event log.
 *
 * @param position where it stands; its text is the event's outward id
 * @param dataJson a JSON object
 */
public record Event(
    EventPosition position,
    String type,
    @Nullable UUID accountId,
    @Nullable UUID streamId,
    @Nullable UUID broadcastId,
    @Nullable UUID destinationId,
    @Nullable String nodeId,
    String dataJson,
    Instant occurredAt) {}
