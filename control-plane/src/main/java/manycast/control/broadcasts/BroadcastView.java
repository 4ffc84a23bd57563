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

  /**
   * What one destination got of it, over all its connections.
   *
   * @param framesDue frames that it was to get by now: those it was sent, those that were skipped
   *     because it lagged, and those that came while it was enabled and had no connection; null
   *     where that was not counted
   * @param deliveredPercent share of the frames due that it was sent, rounded down to one decimal;
   *     null where nothing was due or that is not known
   */
  @Schema(name = "BroadcastDestination")
  public record Totals(
      UUID id,
      String name,
      String platform,
      RelayState state,
      long bytesSent,
      long framesSent,
      long framesDropped,
      int reconnects,
      @Schema(nullable = true) @Nullable Long framesDue,
      @Schema(nullable = true) @Nullable Double deliveredPercent) {

    static Totals of(Relay relay) {
      DeliveredShare share = DeliveredShare.of(relay);
      return new Totals(
          relay.destinationId(),
          relay.name(),
          relay.platform(),
          relay.state(),
          relay.bytesSent(),
          relay.framesSent(),
          relay.framesDropped(),
          relay.reconnects(),
          relay.framesDue(),
          share == null ? null : (Double) share.percent());
    }
  }

  static BroadcastView of(Broadcast broadcast, List<Relay> relays) {
    return new BroadcastView(
        broadcast.id(),
        broadcast.streamId(),
        broadcast.state(),
        broadcast.startedAt(),
        broadcast.endedAt(),
        broadcast.endReason(),
        broadcast.interruptions(),
        relays.stream().map(Totals::of).toList());
  }
}
