package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import manycast.db.identity.ProcessIdentity;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Connection tests that a node is asked for, and its relays to the same destinations. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProbesIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir static Path folder;
  private static Clip clip;
  private static TestDatabase database;
  private static TestNode node;
  private static HttpClient http;
  private static ProcessIdentity asker;

  @BeforeAll
  static void start() throws Exception {
    clip = Clip.make(folder, 4);
    database = TestDatabase.create();
    node = new TestNode(database);
    http = HttpClient.newHttpClient();
    asker = ProcessIdentity.generate();
    try (var connection = database.control()) {
      asker.register(connection);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    http.close();
    node.close();
    database.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + node.plane().internalPort() + path))
        .header("Authorization", "Bearer " + asker.mint(node.plane().nodeId()));
  }

  private static HttpResponse<String> begin(UUID destination, boolean publish, String suffix)
      throws Exception {
    String order =
        "{\"destinationId\": \"%s\", \"publish\": %s, \"keySuffix\": \"%s\"}"
            .formatted(destination, publish, suffix);
    return http.send(
        request("/v1/probes").POST(HttpRequest.BodyPublishers.ofString(order)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private static JsonNode awaitEnd(HttpResponse<String> begun) {
    assertThat(begun.statusCode()).isEqualTo(202);
    String path = "/v1/probes/" + json(begun).get("id").asString();
    return Until.there(
        SOON,
        "the end of the test",
        () -> {
          try {
            JsonNode report =
                json(http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString()));
            return report.get("over").asBoolean() ? report : null;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        () -> path);
  }

  private static String result(JsonNode report, String step) {
    for (JsonNode each : report.get("steps")) {
      if (each.get("step").asString().equals(step)) {
        return each.get("result").asString();
      }
    }
    throw new AssertionError("no step " + step + " in " + report);
  }

  @Test
  void publishesWithTheStoredKeyAndWhatIsAddedToIt() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      UUID destination = node.another("publishes").addDestination("a place", sink.url(), "k?a=b");
      JsonNode report = awaitEnd(begin(destination, true, "&test=true"));
      assertThat(result(report, "media")).isEqualTo("ok");
      assertThat(sink.await(0, SOON, Visit::ended).key()).isEqualTo("k?a=b&test=true");
    }
  }

  @Test
  void connectsOnlyWhereItMayNotPublish() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      UUID destination = node.another("connects").addDestination("a place", sink.url(), "k");
      JsonNode report = awaitEnd(begin(destination, false, ""));
      assertThat(result(report, "connect")).isEqualTo("ok");
      assertThat(result(report, "publish")).isEqualTo("skipped");
      assertThat(sink.await(0, SOON, Visit::ended).commands()).containsExactly("connect");
    }
  }

  @Test
  void asksForATokenAndForADestinationThatIsThere() throws Exception {
    assertThat(begin(UUID.randomUUID(), false, "").statusCode()).isEqualTo(404);
    HttpRequest stranger =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.plane().internalPort() + "/v1/probes"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(http.send(stranger, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(401);
    assertThat(
            http.send(
                    request("/v1/probes").POST(HttpRequest.BodyPublishers.ofString("{}")).build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void leavesADestinationInPeaceWhileARelaySendsThere() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      UUID destination = node.another("live").addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), "live")) {
        encoder.sendInRealTime(clip.tags().subList(0, 60));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        assertThat(begin(destination, true, "").statusCode()).isEqualTo(409);
        encoder.sendInRealTime(clip.tags().subList(60, 120));
        encoder.goodbye();
      }
      sink.await(0, SOON, Visit::ended);
      assertThat(sink.visits()).hasSize(1);
    }
  }

  @Test
  void makesWayForARelayThatComesMeanwhile() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.SILENT)) {
      UUID destination = node.another("soon live").addDestination("a place", sink.url(), "k");
      HttpResponse<String> begun = begin(destination, true, "");
      sink.await(0, SOON, _ -> true);
      sink.behave(Behaviour.ACCEPT);
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), "soon live")) {
        encoder.sendInRealTime(clip.tags().subList(0, 60));
        assertThat(awaitEnd(begun).toString()).contains("because the stream went live");
        sink.await(1, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        encoder.goodbye();
      }
    }
  }
}
