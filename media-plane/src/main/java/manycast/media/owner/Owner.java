package manycast.media.owner;

import java.util.UUID;

/**
 * The node that has a stream's broadcast, as its row says.
 *
 * @param url its internal HTTP, without a path
 * @param epoch of its ownership
 * @param resuming whether it waits for its encoder itself
 */
public record Owner(String nodeId, String url, UUID streamId, long epoch, boolean resuming) {}
