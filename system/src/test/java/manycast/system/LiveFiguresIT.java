package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code /live} says of a real encoder and a real connection: every figure, none unknown. */
class LiveFiguresIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final List<String> BROADCAST =
      List.of(
          "broadcastId", "state", "startedAt", "nodeId", "asOf", "stale", "ingest", "destinations");
  private static final List<String> INGEST =
      List.of(
          "protocol",
          "remoteAddress",
          "encoder",
          "videoCodec",
          "width",
          "height",
          "frameRate",
          "keyframeIntervalMs",
          "audioCodec",
          "bitrateBps",
          "uptimeMs",
          "silentMs",
          "warnings");
  private static final List<String> DESTINATION =
      List.of(
          "id",
          "name",
          "state",
          "behind",
          "bitrateBps",
          "bytesSent",
          "framesSent",
          "framesDropped",
          "skips",
          "reconnects",
          "lagMs",
          "rttMs",
          "delayMs",
          "permanent");

  /** There, and null while all is well. */
  private static final List<String> OF_FAILURES =
      List.of("lastError", "lastErrorCode", "nextRetryAt");

  private final Product product = Product.shared();

  @Test
  void everyFigureOfALiveBroadcastIsThereAndKnown() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Every figure")) {
      stream.addSink("well");
      String refused =
          stream.addDestination("refused", "rtmp://127.0.0.1:" + Ports.free() + "/live", "k");
      try (Ffmpeg encoder = stream.publish()) {
        JsonNode live =
            Until.satisfied(
                "two keyframes, and one destination that is tried again",
                SOON,
                stream::live,
                told ->
                    !told.get("ingest").get("keyframeIntervalMs").isNull()
                        && told.get("destinations").get(0).get("bitrateBps").asLong() > 0
                        && told.get("destinations")
                            .get(1)
                            .get("state")
                            .asString()
                            .equals("retrying"));

        assertThat(unknown(live, BROADCAST)).isEmpty();
        assertThat(live.has("preview")).isTrue();
        assertThat(live.get("stale").asBoolean()).isFalse();
        assertThat(unknown(live.get("ingest"), INGEST)).isEmpty();
        assertThat(live.get("ingest").get("warnings")).isEmpty();
        JsonNode well = live.get("destinations").get(0);
        assertThat(unknown(well, DESTINATION)).isEmpty();
        assertThat(unknown(well, OF_FAILURES)).isEqualTo(OF_FAILURES);
        assertThat(well.has("nextRetryAt")).isTrue();
        JsonNode tried = live.get("destinations").get(1);
        assertThat(tried.get("id").asString()).isEqualTo(refused);
        assertThat(unknown(tried, OF_FAILURES)).isEmpty();
        assertThat(tried.get("lastErrorCode").asString()).isEqualTo("refused");
        assertThat(tried.get("permanent").asBoolean()).isFalse();
        assertThat(encoder.isRunning()).isTrue();
      }
    }
  }

  private static List<String> unknown(JsonNode object, List<String> names) {
    var unknown = new ArrayList<String>();
    for (String name : names) {
      if (!object.has(name) || object.get(name).isNull()) {
        unknown.add(name);
      }
    }
    return unknown;
  }
}
