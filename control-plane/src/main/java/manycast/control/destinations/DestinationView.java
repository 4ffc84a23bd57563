package manycast.control.destinations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import manycast.control.broadcasts.Relay;
import manycast.control.broadcasts.RelayState;
import org.jspecify.annotations.Nullable;

/**
 * A destination as the API answers it and as pages show it.
 *
 * @param keySetAt since when it has its stream key; not for the API
 */
@Schema(name = "Destination")
public record DestinationView(
    UUID id,
    String name,
    String platform,
    String url,
    boolean enabled,
    @Schema(
            minimum = "0",
            maximum = "60000",
            description = "how much later than it arrives the stream is sent there")
        int delayMs,
    @Schema(
            implementation = Tracks.class,
            nullable = true,
            description = "which tracks it is sent; null for the default tracks")
        @Nullable Tracks tracks,
    RelayState state,
    String streamKeyFingerprint,
    @JsonIgnore Instant keySetAt) {

  static DestinationView of(Destination destination, @Nullable Relay relay) {
    return new DestinationView(
        destination.id(),
        destination.name(),
        destination.platform(),
        destination.url(),
        destination.enabled(),
        destination.delayMs(),
        destination.tracks(),
        state(destination, relay),
        destination.keyFingerprint(),
        destination.keySetAt());
  }

  /**
   * What it does: its relay's word while it has one at work, else whether it waits or is switched
   * off.
   */
  private static RelayState state(Destination destination, @Nullable Relay relay) {
    if (!destination.enabled()) {
      return RelayState.DISABLED;
    }
    if (relay == null
        || relay.state() == RelayState.ENDED
        || relay.state() == RelayState.DISABLED) {
      return RelayState.IDLE;
    }
    return relay.state();
  }
}
