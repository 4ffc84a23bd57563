package manycast.media.database;

import java.util.UUID;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.relay.Destination;
import manycast.media.relay.RelayReport;
import manycast.media.relay.RelayState;
import manycast.media.relay.TrackChoice;
import org.jspecify.annotations.Nullable;

/** What relays might report. */
final class Reports {
  private Reports() {}

  static BroadcastClaim claim() {
    return new BroadcastClaim(
        UUID.randomUUID(), 1, UUID.randomUUID(), UUID.randomUUID(), "A stream");
  }

  /** A live relay that has sent so much. */
  static RelayReport live(
      BroadcastClaim claim, UUID destination, long bytesSent, @Nullable String event) {
    return report(claim, destination, RelayState.LIVE, bytesSent, null, event);
  }

  static RelayReport report(
      BroadcastClaim claim,
      UUID destination,
      RelayState state,
      long bytesSent,
      @Nullable String lastError,
      @Nullable String event) {
    return new RelayReport(
        claim,
        new Destination(
            destination,
            "A place",
            "custom",
            "rtmp://127.0.0.1/app",
            "k",
            true,
            0,
            TrackChoice.DEFAULT,
            1),
        state,
        false,
        state == RelayState.FAILED,
        0,
        bytesSent,
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        0,
        lastError,
        null,
        null,
        event);
  }
}
