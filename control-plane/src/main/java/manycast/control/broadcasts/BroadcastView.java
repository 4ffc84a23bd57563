package manycast.control.broadcasts;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A broadcast in the history, as the API answers it and as pages show it. */
@Schema(name = "Broadcast")
public record BroadcastView(
    UUID id,
    UUID streamId,
    BroadcastState state,
    Instant startedAt,
    @Schema(nullable = true) @Nullable Instant endedAt,
    @Schema(
            nullable = true,
            allowableValues = {
              "encoder",
              "stopped",
              "encoder_lost",
              "node_lost",
              "disabled",
              "deleted",
              "shutdown"
            })
        @Nullable String endReason,
    int interruptions,
    List<Totals> destinations) {

  /** What one destination got of it, over all its connections. */
  @Schema(name = "BroadcastDestination")
  public record Totals(
      UUID id,
      String name,
      String platform,
      RelayState state,
      long bytesSent,
      long framesSent,
      long framesDropped,
      int reconnects) {}

  static BroadcastView of(Broadcast broadcast, List<Relay> relays) {
    return new BroadcastView(
        broadcast.id(),
        broadcast.streamId(),
        broadcast.state(),
        broadcast.startedAt(),
        broadcast.endedAt(),
        broadcast.endReason(),
        broadcast.interruptions(),
        relays.stream()
            .map(
                relay ->
                    new Totals(
                        relay.destinationId(),
                        relay.name(),
                        relay.platform(),
                        relay.state(),
                        relay.bytesSent(),
                        relay.framesSent(),
                        relay.framesDropped(),
                        relay.reconnects()))
            .toList());
  }
}
