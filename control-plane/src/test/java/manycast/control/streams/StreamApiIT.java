package manycast.control.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import manycast.control.testing.ApiClient;
import manycast.control.testing.ApiClient.Answer;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Streams by API. */
class StreamApiIT {
  private static TestControlPlane plane;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @Test
  void makesAStreamThatIsReadyToBePublishedTo() {
    ApiClient owner = plane.newAccount();

    JsonNode stream = owner.post("/streams", "{\"name\": \"Friday\"}").expect(201).json();

    assertThat(stream.required("name").stringValue()).isEqualTo("Friday");
    assertThat(stream.required("enabled").booleanValue()).isTrue();
    assertThat(stream.required("state").stringValue()).isEqualTo("idle");
    assertThat(stream.required("resumeGraceSeconds").isNull()).isTrue();
    assertThat(stream.required("destinations").isEmpty()).isTrue();
    JsonNode ingest = stream.required("ingest");
    assertThat(ingest.required("rtmpUrl").stringValue())
        .isEqualTo("rtmp://live.example.com:1935/live");
    assertThat(ingest.required("rtmpsUrl").stringValue())
        .isEqualTo("rtmps://live.example.com:1936/live");
    assertThat(ingest.required("streamKey").stringValue()).matches("[a-z2-9]{26,40}");
    assertThat(ingest.required("streamKeyFingerprint").stringValue()).matches("[0-9a-f]{8}");
    assertThat(ingest.propertyNames())
        .containsExactlyInAnyOrder("rtmpUrl", "rtmpsUrl", "streamKey", "streamKeyFingerprint");
    String id = stream.required("id").stringValue();
    assertThat(owner.get("/streams/" + id).expect(200).json()).isEqualTo(stream);
  }

  @Test
  void refusesNamesThatAreNoNames() {
    ApiClient owner = plane.newAccount();

    assertThat(owner.post("/streams", "{}").faultyFields()).containsExactly("name");
    assertThat(owner.post("/streams", "{\"name\": 5}").faultyFields()).containsExactly("name");
    assertThat(owner.post("/streams", "{\"name\": null}").faultyFields()).containsExactly("name");
    assertThat(owner.post("/streams", "{\"name\": \"  \"}").faultyFields()).containsExactly("name");
    assertThat(owner.post("/streams", "{\"name\": \"" + "x".repeat(201) + "\"}").faultyFields())
        .containsExactly("name");
    owner.post("/streams", "{\"name\": \"" + "x".repeat(200) + "\"}").expect(201);
  }

  @Test
  void namesEveryUnknownField() {
    ApiClient owner = plane.newAccount();

    assertThat(
            owner.post("/streams", "{\"name\": \"a\", \"colour\": 1, \"size\": 2}").faultyFields())
        .containsExactly("colour", "size");
    String id = newStream(owner);
    assertThat(owner.patch("/streams/" + id, "{\"Name\": \"a\"}").faultyFields())
        .containsExactly("Name");
    assertThat(owner.patch("/streams/" + id, "{\"srtPassphrase\": \"0123456789\"}").faultyFields())
        .containsExactly("srtPassphrase");
  }

  @Test
  void refusesBodiesThatAreNoJsonObject() {
    ApiClient owner = plane.newAccount();

    owner.post("/streams", "{\"name\": ").expect(400);
    owner.post("/streams", "[]").expect(400);
    owner.post("/streams", "{\"name\": \"a\"} x").expect(400);
    owner.post("/streams", "{\"name\": \"a\", \"name\": \"b\"}").expect(400);
    owner.post("/streams").expect(415);
    owner.post("/streams", "{\"name\": \"" + "x".repeat(70_000) + "\"}").expect(413);
  }

  @Test
  void changesWhatIsGivenAndLeavesTheRest() {
    ApiClient owner = plane.newAccount();
    String id = newStream(owner);

    JsonNode graced =
        owner.patch("/streams/" + id, "{\"resumeGraceSeconds\": 600}").expect(200).json();
    assertThat(graced.required("resumeGraceSeconds").intValue()).isEqualTo(600);
    assertThat(graced.required("name").stringValue()).isEqualTo("A stream");
    JsonNode off =
        owner.patch("/streams/" + id, "{\"enabled\": false, \"name\": \"Off\"}").expect(200).json();
    assertThat(off.required("state").stringValue()).isEqualTo("disabled");
    assertThat(off.required("resumeGraceSeconds").intValue()).isEqualTo(600);
    JsonNode back =
        owner.patch("/streams/" + id, "{\"resumeGraceSeconds\": null}").expect(200).json();
    assertThat(back.required("resumeGraceSeconds").isNull()).isTrue();
    assertThat(back.required("enabled").booleanValue()).isFalse();
    assertThat(owner.patch("/streams/" + id, "{\"resumeGraceSeconds\": 601}").faultyFields())
        .containsExactly("resumeGraceSeconds");
    assertThat(owner.patch("/streams/" + id, "{\"resumeGraceSeconds\": 1.5}").faultyFields())
        .containsExactly("resumeGraceSeconds");
    assertThat(owner.patch("/streams/" + id, "{\"enabled\": \"yes\"}").faultyFields())
        .containsExactly("enabled");
  }

  @Test
  void rotatesTheKeyAndRetiresTheOldOne() {
    ApiClient owner = plane.newAccount();
    JsonNode before = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
    String id = before.required("id").stringValue();

    JsonNode after = owner.post("/streams/" + id + "/key/rotate").expect(200).json();

    assertThat(after.required("ingest").required("streamKey"))
        .isNotEqualTo(before.required("ingest").required("streamKey"));
    assertThat(plane.rows("stream_key where stream_id = '" + id + "' and retired_at is null"))
        .isEqualTo(1);
    assertThat(plane.rows("stream_key where stream_id = '" + id + "' and retired_at is not null"))
        .isEqualTo(1);
    assertThat(plane.rows("event where stream_id = '" + id + "' and type = 'stream.updated'"))
        .isEqualTo(2);
    assertThat(
            plane.rows(
                "audit_log where action = 'stream.key_rotated' and detail ->> 'streamId' = '"
                    + id
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void deletesAStreamSoThatNobodyFindsItAgain() {
    ApiClient owner = plane.newAccount();
    String id = newStream(owner);

    owner.delete("/streams/" + id).expect(204);

    owner.get("/streams/" + id).expect(404);
    owner.delete("/streams/" + id).expect(404);
    owner.post("/streams/" + id + "/key/rotate").expect(404);
    assertThat(owner.get("/streams").json().required("items").isEmpty()).isTrue();
  }

  @Test
  void answersSomebodyElsesStreamLikeOneThatDoesNotExist() {
    String id = newStream(plane.newAccount());
    ApiClient stranger = plane.newAccount();

    for (String who : List.of(id, UUID.randomUUID().toString(), "not-an-id")) {
      stranger.get("/streams/" + who).expect(404);
      stranger.patch("/streams/" + who, "{\"name\": \"mine\"}").expect(404);
      stranger.delete("/streams/" + who).expect(404);
      stranger.post("/streams/" + who + "/key/rotate").expect(404);
      stranger.post("/streams/" + who + "/stop").expect(404);
      stranger.post("/streams/" + who + "/allow").expect(404);
      stranger.get("/streams/" + who + "/live").expect(404);
      stranger.get("/streams/" + who + "/broadcasts").expect(404);
    }
  }

  @Test
  void pagesThroughAllStreamsOnce() {
    ApiClient owner = plane.newAccount();
    var made = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      made.add(newStream(owner));
    }

    var seen = new ArrayList<String>();
    String after = "";
    do {
      JsonNode page = owner.get("/streams?limit=2" + after).expect(200).json();
      page.required("items").forEach(stream -> seen.add(stream.required("id").stringValue()));
      after = page.required("next").isNull() ? "" : "&after=" + page.required("next").stringValue();
    } while (!after.isEmpty());

    assertThat(seen).isEqualTo(made);
    assertThat(owner.get("/streams?limit=0").faultyFields()).containsExactly("limit");
    assertThat(owner.get("/streams?limit=101").faultyFields()).containsExactly("limit");
    assertThat(owner.get("/streams?limit=ten").faultyFields()).containsExactly("limit");
    assertThat(owner.get("/streams?after=ten").faultyFields()).containsExactly("after");
  }

  @Test
  void answersStopAndAllowWhileIdle() {
    ApiClient owner = plane.newAccount();
    String id = newStream(owner);

    Answer stopped = owner.post("/streams/" + id + "/stop").expect(202);
    owner.post("/streams/" + id + "/allow").expect(202);

    assertThat(stopped.http().body()).isEmpty();
  }

  @Test
  void stopsABroadcastAndRefusesItsEncoder() {
    ApiClient owner = plane.newAccount();
    String id = newStream(owner);
    try (TestNode node = new TestNode(plane.database())) {
      UUID broadcast = node.goLive(key(owner, id));

      owner.post("/streams/" + id + "/stop").expect(202);

      assertThat(stopped(id)).isEqualTo(broadcast + " 203.0.113.7");
      owner.post("/streams/" + id + "/allow").expect(202);
      assertThat(stopped(id)).isEqualTo(broadcast.toString());
    }
  }

  @Test
  void refusesNobodyWhereNoEncoderWasConnected() {
    ApiClient owner = plane.newAccount();
    String id = newStream(owner);
    try (TestNode node = new TestNode(plane.database())) {
      UUID broadcast = node.goLive(key(owner, id));
      plane
          .database()
          .execute("update broadcast set state = 'resuming' where id = '" + broadcast + "'");

      owner.post("/streams/" + id + "/stop").expect(202);

      assertThat(stopped(id)).isEqualTo(broadcast.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"stop,stopped", "disable,disabled", "delete,deleted"})
  void endsABroadcastThatWaitsWithoutANode(String deed, String reason) {
    ApiClient owner = plane.newAccount();
    String id = newStream(owner);
    try (TestNode node = new TestNode(plane.database())) {
      UUID broadcast = node.goLive(key(owner, id));
      plane
          .database()
          .execute(
              "select release_broadcast(id, epoch, 'node_lost') from broadcast where id = '"
                  + broadcast
                  + "'");

      switch (deed) {
        case "stop" -> owner.post("/streams/" + id + "/stop").expect(202);
        case "disable" -> owner.patch("/streams/" + id, "{\"enabled\": false}").expect(200);
        default -> owner.delete("/streams/" + id).expect(204);
      }

      Answer ended = owner.get("/broadcasts/" + broadcast).expect(200);
      assertThat(ended.text("state")).isEqualTo("ended");
      assertThat(ended.text("endReason")).isEqualTo(reason);
    }
  }

  private String stopped(String id) {
    return plane.text(
        "select concat_ws(' ', stop_broadcast_id, host(refused_address)) from stream where id = '"
            + id
            + "'");
  }

  private static String key(ApiClient owner, String id) {
    return owner
        .get("/streams/" + id)
        .json()
        .required("ingest")
        .required("streamKey")
        .stringValue();
  }

  private static String newStream(ApiClient owner) {
    return owner.post("/streams", "{\"name\": \"A stream\"}").expect(201).text("id");
  }
}
