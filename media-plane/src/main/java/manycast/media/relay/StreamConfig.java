package manycast.media.relay;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stream as it is wanted now.
 *
 * @param stopBroadcastId the broadcast that somebody has stopped last
 * @param destinations all that are not deleted, disabled ones too
 */
public record StreamConfig(
    boolean enabled,
    boolean deleted,
    @Nullable UUID stopBroadcastId,
    List<Destination> destinations) {
  /** Keeps a copy of the destinations. */
  public StreamConfig {
    destinations = List.copyOf(destinations);
  }
}
