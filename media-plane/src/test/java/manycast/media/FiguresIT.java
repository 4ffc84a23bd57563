package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import manycast.db.identity.ProcessIdentity;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.relay.RelayReport;
import manycast.media.relay.RelayState;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.Until;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a node tells, and writes down, of what it measures. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FiguresIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  /** Of a destination that is live and well. */
  private static final List<String> NOTHING_TO_SAY =
      List.of("lastError", "lastErrorCode", "nextRetryAt", "fittingBitrateBps");

  @TempDir static Path folder;

  @Test
  void tellsAndWritesDownEveryFigureOfTheEncoderAndOfEachDestination() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        TestNode node = new TestNode(database);
        RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
        RtmpSink refusing = RtmpSink.open(Behaviour.DENY)) {
      UUID good = node.rows().addDestination("good", sink.url(), "k");
      UUID bad = node.rows().addDestination("bad", refusing.url(), "k");
      Clip clip = Clip.make(folder, 6);
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 250));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 50);
        Until.isTrue(
            SOON,
            "one is refused",
            () -> {
              RelayReport report = node.reports().get("bad");
              return report != null && report.state() == RelayState.FAILED;
            });

        JsonNode broadcast = ask(node, database).required("broadcasts").get(0);
        JsonNode ingest = broadcast.required("ingest");
        assertThat(nulls(ingest)).isEmpty();
        JsonNode video = ingest.required("tracks").get(0);
        assertThat(video.required("meanBitrateBps").longValue()).isPositive();
        assertThat(video.required("sinceKeyframeMs").longValue()).isBetween(0L, 1_000L);
        JsonNode live = broadcast.required("destinations").get(0);
        assertThat(nulls(live)).isEqualTo(NOTHING_TO_SAY.stream().sorted().toList());
        assertThat(live.required("bitrateBps").longValue()).isPositive();
        assertThat(live.required("rttMs").longValue()).isBetween(0L, 1_000L);
        JsonNode failed = broadcast.required("destinations").get(1);
        assertThat(failed.required("lastErrorCode").stringValue()).isEqualTo("bad_key");
        assertThat(failed.required("permanent").booleanValue()).isTrue();

        node.plane().samples().takeSample();
        assertThat(
                node.rows()
                    .texts(
                        """
                        select concat_ws(' ', state, bitrate_bps > 0, frames > 50, frames_missing, silent_ms < 10000,
                            frame_rate between 20 and 40, keyframe_interval_ms, jitter_ms >= 0, audio_ahead_ms is not null,
                            loop_busy >= 0, loops_blocked >= 0, memory_share > 0,
                            node_id = (select node_id from broadcast))
                          from sample where destination_id is null and taken_at > now() - interval '10 seconds'
                        """))
            .containsExactly("live t t 0 t t 1000 t t t t t t");
        assertThat(
                node.rows()
                    .texts(
                        "select concat_ws(' ', state, bitrate_bps > 0, frames > 50, bytes_sent > 1000, behind, skips, reconnects,"
                            + " lag_ms < 5000, rtt_ms < 1000, retransmits >= 0, unsent_bytes >= 0, fitting_bitrate_bps)"
                            + " from sample where destination_id = ?",
                        good))
            .containsExactly("live t t t f 0 0 t t t t");
        assertThat(node.rows().texts("select state from sample where destination_id = ?", bad))
            .containsExactly("failed");

        database.execute("update broadcast set epoch = epoch + 1000000");
        node.plane().samples().takeSample();
        assertThat(node.rows().texts("select count(*) from sample"))
            .as("of a broadcast that is somebody else's nothing is written")
            .containsExactly("3");
      }
    }
  }

  /** Names of the fields that are null. */
  private static List<String> nulls(JsonNode object) {
    List<String> names = new ArrayList<>();
    object
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                names.add(field.getKey());
              }
            });
    return names.stream().sorted().toList();
  }

  private static JsonNode ask(TestNode node, TestDatabase database) throws Exception {
    ProcessIdentity other = ProcessIdentity.generate();
    try (var connection = database.control()) {
      other.register(connection);
    }
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.plane().internalPort() + "/v1/broadcasts"))
            .header("Authorization", "Bearer " + other.mint(node.plane().nodeId()))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return JsonMapper.shared()
          .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }
}
