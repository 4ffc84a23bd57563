package manycast.control.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.control.testing.ApiClient;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import manycast.db.identity.JdbcPublicKeys;
import manycast.db.identity.ProcessIdentity;
import manycast.db.identity.ViewerTokenVerifier;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A live stream's figures, its history, and stopping it. */
class LiveApiIT {
  private static final Duration DUE = Duration.ofMillis(200);
  private static final Duration DUE_WITH_SLACK = DUE.multipliedBy(3);

  private static TestControlPlane plane;
  private ApiClient owner;
  private TestNode node;
  private String streamId;
  private String streamKey;
  private String on;
  private String told = "[]";

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @BeforeEach
  void makeStream() {
    owner = plane.newAccount();
    node = new TestNode(plane.database());
    JsonNode stream = newStream();
    streamId = stream.required("id").stringValue();
    streamKey = stream.required("ingest").required("streamKey").stringValue();
    on = destination(true);
    destination(false);
  }

  @AfterEach
  void closeNode() {
    node.close();
  }

  @Test
  void showsTheNodesFiguresOfEveryDestination() {
    UUID broadcast = goLive();

    JsonNode live = owner.get("/streams/" + streamId + "/live").expect(200).json();

    assertThat(live.required("broadcastId").stringValue()).isEqualTo(broadcast.toString());
    assertThat(live.required("state").stringValue()).isEqualTo("live");
    assertThat(live.required("nodeId").stringValue()).isEqualTo(node.id());
    assertThat(live.required("stale").booleanValue()).isFalse();
    assertThat(live.required("ingest").required("bitrateBps").intValue()).isEqualTo(2_500_000);
    assertThat(live.required("ingest").required("warnings").get(0).required("code").stringValue())
        .isEqualTo("gop");
    JsonNode track = live.required("ingest").required("tracks").get(0);
    assertThat(track.required("kind").stringValue()).isEqualTo("video");
    assertThat(track.required("profile").stringValue()).isEqualTo("Main 10");
    assertThat(track.required("measuredFrameRate").doubleValue()).isEqualTo(29.97);
    assertThat(track.required("keyframeInterval").required("longestMs").intValue()).isEqualTo(2500);
    assertThat(track.required("reorderedPictures").booleanValue()).isTrue();
    assertThat(track.required("missingFrames").intValue()).isEqualTo(2);
    assertThat(live.required("ingest").required("audioAheadMs").intValue()).isEqualTo(-12);
    JsonNode first = live.required("destinations").get(0);
    assertThat(first.required("id").stringValue()).isEqualTo(on);
    assertThat(first.required("state").stringValue()).isEqualTo("live");
    assertThat(first.required("bytesSent").longValue()).isEqualTo(5_000_000_000L);
    assertThat(first.required("nextRetryAt").isNull()).isTrue();
    assertThat(live.required("destinations").get(1).required("state").stringValue())
        .isEqualTo("disabled");
    assertThat(node.askedBy()).contains(plane.part(ProcessIdentity.class).id());
    assertThat(owner.get("/streams/" + streamId).text("state")).isEqualTo("live");
  }

  @Test
  void warnsOfAKeyThatHasHadItsOneBroadcast() {
    String once = destination("instagram", "rtmps://x.example/app", true);
    UUID first = goLive();
    plane
        .database()
        .execute(
            "insert into relay (broadcast_id, destination_id, name, platform, state, frames_sent)"
                + " values ('%s', '%s', 'd', 'instagram', 'ended', 1)".formatted(first, once));
    assertThat(warned()).doesNotContain("key_age");

    node.end(first);
    goLive();
    assertThat(warned()).contains("key_age");

    owner.patch("/destinations/" + once, "{\"streamKey\": \"another\"}").expect(200);
    assertThat(warned()).doesNotContain("key_age");
  }

  private List<String> warned() {
    return owner
        .get("/streams/" + streamId + "/live")
        .expect(200)
        .json()
        .required("ingest")
        .required("warnings")
        .valueStream()
        .map(warning -> warning.required("code").stringValue())
        .toList();
  }

  @Test
  void namesWhereItsPreviewIsWatchedWithATokenForThisBroadcastInside() throws Exception {
    UUID broadcast = goLive();

    String url =
        owner
            .get("/streams/" + streamId + "/live")
            .expect(200)
            .json()
            .required("preview")
            .required("hlsUrl")
            .stringValue();

    String beforeToken = node.previewUrl() + "/hls/" + broadcast + "/index.m3u8?token=";
    assertThat(url).startsWith(beforeToken);
    var keys = new JdbcPublicKeys(plane.database().dataSource(TestDatabase.MEDIA));
    ViewerTokenVerifier.Viewing viewing =
        new ViewerTokenVerifier(keys).verify(url.substring(beforeToken.length()));
    assertThat(viewing.broadcastId()).isEqualTo(broadcast);
    assertThat(viewing.expiresAt())
        .isBetween(Instant.now().plusSeconds(300), Instant.now().plusSeconds(601));
  }

  @Test
  void namesNoPreviewWhileNoNodeCarriesTheBroadcast() {
    UUID broadcast = goLive();
    plane
        .database()
        .execute(
            "select release_broadcast(id, epoch, 'node_lost') from broadcast where id = '"
                + broadcast
                + "'");

    JsonNode live = owner.get("/streams/" + streamId + "/live").expect(200).json();

    assertThat(live.required("state").stringValue()).isEqualTo("resuming");
    assertThat(live.required("preview").isNull()).isTrue();
  }

  @Test
  void showsTheDelayInForceAndTheConfiguredOneWhereTheNodeSaysNone() {
    owner.patch("/destinations/" + on, "{\"delayMs\": 5000}").expect(200);
    goLive();
    assertThat(liveDelays()).containsExactly(0, 0);

    node.tells(told.replace("\"delayMs\": 0, ", ""));

    Eventually.holds(
        "the node's next answer is taken", () -> liveDelays().equals(List.of(5000, 0)));
  }

  @Test
  void isNotFoundWhenNothingIsLiveAndAgainOnceItHasEnded() {
    owner.get("/streams/" + streamId + "/live").expect(404);
    UUID broadcast = goLive();
    owner.get("/streams/" + streamId + "/live").expect(200);

    node.end(broadcast);

    owner.get("/streams/" + streamId + "/live").expect(404);
    plane.newAccount().get("/streams/" + streamId + "/live").expect(404);
  }

  @Test
  void showsNoFiguresOfANodeThatCarriesTheBroadcastNoMore() {
    UUID broadcast = goLive();
    node.relay(broadcast, on, "live", 77);
    owner.get("/streams/" + streamId + "/live").expect(200);

    plane
        .database()
        .execute(
            "select release_broadcast(id, epoch, 'node_lost') from broadcast where id = '"
                + broadcast
                + "'");

    JsonNode live = owner.get("/streams/" + streamId + "/live").expect(200).json();
    assertThat(live.required("state").stringValue()).isEqualTo("resuming");
    assertThat(live.required("stale").booleanValue()).isTrue();
    JsonNode first = live.required("destinations").get(0);
    assertThat(first.required("state").stringValue()).isEqualTo("idle");
    assertThat(first.required("bytesSent").longValue()).isEqualTo(77);
  }

  @Test
  void hasTheApisWordForAServerThatAsksForALogin() {
    UUID broadcast = goLive();
    node.relay(broadcast, on, "failed", 77);
    plane
        .database()
        .execute(
            "update relay set last_error_code = 'login_needed', permanent = true where broadcast_id = '%s'"
                .formatted(broadcast));
    node.hang(true);

    Eventually.holds(
        "it is rejected",
        () ->
            owner
                .get("/streams/" + streamId + "/live")
                .expect(200)
                .json()
                .required("destinations")
                .get(0)
                .required("lastErrorCode")
                .asString("")
                .equals("rejected"));
  }

  @Test
  void answersAtOnceFromWhatIsKnownWhenTheNodeHangs() {
    UUID broadcast = goLive();
    node.relay(broadcast, on, "retrying", 77);
    owner.get("/streams/" + streamId + "/live").expect(200);
    node.hang(true);

    Eventually.holds(
        "the figures are called stale",
        () ->
            owner
                .get("/streams/" + streamId + "/live")
                .expect(200)
                .json()
                .required("stale")
                .booleanValue());

    Duration quickest = DUE_WITH_SLACK;
    for (int i = 0; i < 5; i++) {
      long began = System.nanoTime();
      JsonNode live = owner.get("/streams/" + streamId + "/live").expect(200).json();
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(took).isLessThan(DUE_WITH_SLACK);
      assertThat(live.required("stale").booleanValue()).isTrue();
      assertThat(live.required("destinations").get(0).required("bytesSent").longValue())
          .isEqualTo(5_000_000_000L);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;
    }
    // Each is due then; that one of five is shows that nobody waits for the node's own deadline.
    assertThat(quickest).isLessThan(DUE);
  }

  @Test
  void answersFromTheLastSampleWhenTheNodeHangs() {
    node.hang(true);
    UUID broadcast = node.goLive(streamKey);
    node.relay(broadcast, on, "live", 77);
    node.sampleIngest(broadcast, 14, 1_000_000, "silent_ms = 1");
    node.sampleIngest(
        broadcast,
        4,
        2_400_000,
        "silent_ms = 20, frame_rate = 29.97, keyframe_interval_ms = 2000, audio_ahead_ms = -9");
    node.sampleDestination(
        broadcast,
        on,
        4,
        "live",
        2_300_000,
        "bytes_sent = 99, behind = false, skips = 1, reconnects = 2, lag_ms = 40, rtt_ms = 12");

    JsonNode live = owner.get("/streams/" + streamId + "/live").expect(200).json();

    assertThat(live.required("stale").booleanValue()).isTrue();
    assertThat(Duration.between(Instant.parse(live.required("asOf").stringValue()), Instant.now()))
        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(30));
    JsonNode ingest = live.required("ingest");
    assertThat(ingest.required("bitrateBps").intValue()).isEqualTo(2_400_000);
    assertThat(ingest.required("frameRate").doubleValue()).isEqualTo(29.97);
    assertThat(ingest.required("keyframeIntervalMs").intValue()).isEqualTo(2_000);
    JsonNode destination = live.required("destinations").get(0);
    assertThat(destination.required("bitrateBps").intValue()).isEqualTo(2_300_000);
    assertThat(destination.required("bytesSent").intValue()).isEqualTo(99);
    assertThat(destination.required("rttMs").intValue()).isEqualTo(12);
    assertThat(destination.required("reconnects").intValue()).isEqualTo(2);
  }

  @Test
  void isFreshAtTheFirstQuestionWhenTheNodeAnswersQuickly() {
    try (TestControlPlane cold = TestControlPlane.startReady(plane.database())) {
      String itself = cold.part(ProcessIdentity.class).id();
      Eventually.holds("it knows the node", () -> node.askedBy().contains(itself));

      assertThat(firstQuestionIsFresh(cold.as(owner.token()))).isTrue();
    }
  }

  @Test
  void isFreshForABroadcastThatBeganAfterItsNodesLastAnswer() {
    goLive();
    Eventually.holds("the node is known", () -> !stale(owner));

    assertThat(firstQuestionIsFresh(owner)).isTrue();
  }

  @Test
  void isFreshThoughAnotherNodeHangs() {
    try (var hanging = new TestNode(plane.database())) {
      hanging.hang(true);
      JsonNode other = newStream();
      hanging.goLive(other.required("ingest").required("streamKey").stringValue());
      owner.get("/streams/" + other.required("id").stringValue() + "/live").expect(200);

      assertThat(firstQuestionIsFresh(owner)).isTrue();
    }
  }

  @Test
  void asksANodeThatHangsOneQuestionAtATime() {
    node.hang(true);
    node.goLive(streamKey);
    long began = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      owner.get("/streams/" + streamId + "/live").expect(200);
    }
    // A question is given up after 500 ms; ten come in little more than twice that.
    long tookMs = (System.nanoTime() - began) / 1_000_000;
    assertThat(node.held()).isLessThanOrEqualTo((int) (2 + tookMs / 500));
  }

  @Test
  void fallsBackToRowsWhenTheNodeHasNeverAnswered() {
    node.hang(true);
    UUID broadcast = node.goLive(streamKey);
    node.relay(broadcast, on, "retrying", 77);

    JsonNode live = owner.get("/streams/" + streamId + "/live").expect(200).json();

    assertThat(live.required("stale").booleanValue()).isTrue();
    assertThat(live.required("ingest").required("remoteAddress").stringValue())
        .isEqualTo("203.0.113.7");
    assertThat(live.required("ingest").required("bitrateBps").isNull()).isTrue();
    assertThat(live.required("destinations").get(0).required("state").stringValue())
        .isEqualTo("retrying");
    assertThat(live.required("destinations").get(0).required("bytesSent").intValue()).isEqualTo(77);
  }

  @Test
  void tellsWatchersOfEachAnswerAndEachEvent() {
    UUID stream = UUID.fromString(streamId);
    UUID account =
        UUID.fromString(
            plane.text("select account_id::text from stream where id = '" + streamId + "'"));
    var figures = plane.part(LiveFigures.class);
    var changes = new AtomicInteger();
    try (var _ = figures.watch(account, stream, changes::incrementAndGet)) {
      owner.patch("/streams/" + streamId, "{\"name\": \"b\"}").expect(200);
      Eventually.holds("an event is told", () -> changes.get() > 0);
      goLive();
      changes.set(0);
      Eventually.holds("answers are told one after another", () -> changes.get() >= 3);
      assertThat(figures.of(account, stream).orElseThrow().stale()).isFalse();
    }
  }

  @Test
  void namesTheBroadcastToStopAndRefusesItsEncoder() {
    UUID broadcast = goLive();

    owner.post("/streams/" + streamId + "/stop").expect(202);

    assertThat(
            plane.rows(
                "stream where id = '%s' and stop_broadcast_id = '%s' and refused_address = '203.0.113.7' and refused_until between now() + interval '29 minutes' and now() + interval '31 minutes'"
                    .formatted(streamId, broadcast)))
        .isEqualTo(1);
    owner.post("/streams/" + streamId + "/allow").expect(202);
    assertThat(
            plane.rows(
                "stream where id = '"
                    + streamId
                    + "' and refused_until is null and refused_address is null"))
        .isEqualTo(1);
  }

  @Test
  void keepsTheHistoryOfBroadcasts() {
    UUID first = node.goLive(streamKey);
    node.relay(first, on, "ended", 1234);
    plane
        .database()
        .execute(
            "update relay set frames_sent = 1999, frames_due = 2000 where broadcast_id = '"
                + first
                + "'");
    node.end(first);
    UUID second = node.goLive(streamKey);

    JsonNode page = owner.get("/streams/" + streamId + "/broadcasts").expect(200).json();

    assertThat(page.required("items").valueStream().map(item -> item.required("id").stringValue()))
        .containsExactlyInAnyOrder(first.toString(), second.toString());
    JsonNode ended = owner.get("/broadcasts/" + first).expect(200).json();
    assertThat(ended.required("state").stringValue()).isEqualTo("ended");
    assertThat(ended.required("endReason").stringValue()).isEqualTo("encoder");
    assertThat(ended.required("streamId").stringValue()).isEqualTo(streamId);
    assertThat(ended.required("destinations").get(0).required("bytesSent").intValue())
        .isEqualTo(1234);
    assertThat(ended.required("destinations").get(0).required("name").stringValue())
        .isEqualTo("as it was");
    assertThat(ended.required("destinations").get(0).required("framesDue").intValue())
        .isEqualTo(2000);
    assertThat(ended.required("destinations").get(0).required("deliveredPercent").doubleValue())
        .isEqualTo(99.9);
    assertThat(owner.get("/broadcasts/" + second).json().required("endReason").isNull()).isTrue();
    plane.newAccount().get("/broadcasts/" + first).expect(404);
  }

  @Test
  void showsNodesToAdmins() {
    goLive();

    JsonNode shown =
        plane
            .admin()
            .get("/nodes?limit=100")
            .expect(200)
            .json()
            .required("items")
            .valueStream()
            .filter(item -> item.required("id").stringValue().equals(node.id()))
            .findFirst()
            .orElseThrow();

    assertThat(shown.required("rtmpUrl").stringValue())
        .isEqualTo("rtmp://live.example.com:1935/live");
    assertThat(shown.required("state").stringValue()).isEqualTo("ready");
    assertThat(shown.required("liveBroadcasts").intValue()).isEqualTo(1);
    plane
        .database()
        .execute(
            "update node set heartbeat_at = now() - interval '7 seconds' where id = '"
                + node.id()
                + "'");
    assertThat(plane.admin().get("/nodes?limit=100").http().body()).contains("\"state\":\"down\"");
  }

  private List<Integer> liveDelays() {
    return owner
        .get("/streams/" + streamId + "/live")
        .expect(200)
        .json()
        .required("destinations")
        .valueStream()
        .map(destination -> destination.required("delayMs").intValue())
        .toList();
  }

  /**
   * Whether the first question for a new broadcast is answered with figures; one of three is
   * enough, as a busy machine may be late.
   */
  private boolean firstQuestionIsFresh(ApiClient caller) {
    for (int i = 0; i < 3; i++) {
      JsonNode stream = newStream();
      streamId = stream.required("id").stringValue();
      streamKey = stream.required("ingest").required("streamKey").stringValue();
      goLive();
      if (!stale(caller)) {
        return true;
      }
    }
    return false;
  }

  private JsonNode newStream() {
    return owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
  }

  private boolean stale(ApiClient caller) {
    return caller
        .get("/streams/" + streamId + "/live")
        .expect(200)
        .json()
        .required("stale")
        .booleanValue();
  }

  private UUID goLive() {
    UUID broadcast = node.goLive(streamKey);
    told =
        """
        [{"broadcastId": "%s", "streamId": "%s", "accountId": "%s", "epoch": 1, "state": "live", "startedAt": "2026-01-01T00:00:00Z",
          "ingest": {"protocol": "rtmp", "remoteAddress": "203.0.113.7", "encoder": "OBS", "videoCodec": "h264", "width": 1280, "height": 720,
            "frameRate": 30.0, "keyframeIntervalMs": 2000, "audioCodec": "aac", "bitrateBps": 2500000, "uptimeMs": 1000, "silentMs": 3,
            "audioAheadMs": -12, "timestampCorrections": 1, "droppedMessages": 0,
            "tracks": [{"kind": "video", "number": 0, "codec": "HEVC", "profile": "Main 10", "level": "4.1", "width": 1280, "height": 720,
              "bitDepth": 10, "frameRate": 30.0, "measuredFrameRate": 29.97, "keyframeInterval": {"lastMs": 2000, "meanMs": 1990, "longestMs": 2500},
              "reorderedPictures": true, "sampleRate": null, "channels": null, "bitrateBps": 2400000, "jitterMs": 1.5, "frames": 900,
              "missingFrames": 2}],
            "warnings": [{"code": "gop", "text": "Keyframes are far apart."}]},
          "destinations": [
            {"id": "%s", "name": "on", "state": "live", "behind": false, "bitrateBps": 2500000, "bytesSent": 5000000000, "framesSent": 10,
             "framesDropped": 0, "skips": 0, "reconnects": 0, "lagMs": 12, "rttMs": 5, "delayMs": 0, "lastError": null, "lastErrorCode": null,
             "permanent": false, "nextRetryAt": null}]}]
        """
            .formatted(broadcast, streamId, UUID.randomUUID(), on);
    node.tells(told);
    return broadcast;
  }

  private String destination(boolean enabled) {
    return destination("custom", "rtmp://x.example/app", enabled);
  }

  private String destination(String platform, String url, boolean enabled) {
    return owner
        .post(
            "/streams/" + streamId + "/destinations",
            "{\"name\": \"d\", \"platform\": \"%s\", \"url\": \"%s\", \"streamKey\": \"k\", \"enabled\": %s}"
                .formatted(platform, url, enabled))
        .expect(201)
        .text("id");
  }
}
