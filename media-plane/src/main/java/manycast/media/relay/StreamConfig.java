package manycast.media.relay;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stream as it is wanted now.
 *
 * @param stopBroadcastId the broadcast that somebody has stopped last
 * @param resumeGraceSeconds how long a lost encoder is waited for; null for the installation's own
 *     grace
 * @param keys what stands for each key that it may be published with
 * @param destinations all that are not deleted, disabled ones too
 * @param sent what relays have sent of the broadcast so far, by destination
 */
public record StreamConfig(
    boolean enabled,
    boolean deleted,
    @Nullable UUID stopBroadcastId,
    @Nullable Integer resumeGraceSeconds,
    Set<String> keys,
    List<Destination> destinations,
    Map<UUID, RelayTotals> sent) {
  /** Keeps copies. */
  public StreamConfig {
    keys = Set.copyOf(keys);
    destinations = List.copyOf(destinations);
    sent = Map.copyOf(sent);
  }
}
