package manycast.media.broadcast;

import java.util.UUID;

/** That this node owns a broadcast, by this epoch. */
public record BroadcastClaim(
    UUID broadcastId, long epoch, UUID streamId, UUID accountId, String streamName) {}
