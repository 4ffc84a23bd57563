package manycast.control.destinations;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import manycast.control.testing.ApiClient;
import manycast.control.testing.ApiClient.Answer;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Destinations by API. */
class DestinationApiIT {
  private static final String GOOD =
      """
      {"name": "Twitch", "platform": "twitch", "url": "rtmp://live.example.net/app?backup=1", "streamKey": "live_1?a=b&c:d="}\
      """;

  private static TestControlPlane plane;
  private ApiClient owner;
  private String streamId;
  private String streamKey;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @BeforeEach
  void makeStream() {
    owner = plane.newAccount();
    JsonNode stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
    streamId = stream.required("id").stringValue();
    streamKey = stream.required("ingest").required("streamKey").stringValue();
  }

  @Test
  void addsADestinationAndShowsItWithoutItsKey() {
    JsonNode made = add(GOOD);

    assertThat(made.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "name",
            "platform",
            "url",
            "enabled",
            "delayMs",
            "tracks",
            "state",
            "streamKeyFingerprint");
    assertThat(made.required("url").stringValue())
        .isEqualTo("rtmp://live.example.net/app?backup=1");
    assertThat(made.required("enabled").booleanValue()).isTrue();
    assertThat(made.required("delayMs").intValue()).isZero();
    assertThat(made.required("tracks").isNull()).isTrue();
    assertThat(made.required("state").stringValue()).isEqualTo("idle");
    assertThat(owner.get("/destinations/" + id(made)).expect(200).json()).isEqualTo(made);
    assertThat(owner.get("/streams/" + streamId).json().required("destinations").get(0))
        .isEqualTo(made);
  }

  @Test
  void keepsTheKeyByteForByteAndSealed() {
    JsonNode made = add(GOOD);
    UUID id = UUID.fromString(id(made));

    byte[] sealed = plane.bytes("select sealed_key from destination where id = '" + id + "'");

    assertThat(TestControlPlane.SECRET_KEY.mediaKeys().openDestinationKey(id, sealed))
        .isEqualTo("live_1?a=b&c:d=");
    assertThat(
            plane.rows(
                "event where destination_id = '" + id + "' and type = 'destination.updated'"))
        .isEqualTo(1);
  }

  @Test
  void aKeyIsAsOldAsTheDayOnWhichItWasFirstPutIn() {
    String id = id(add(GOOD));
    String old = "destination where id = '" + id + "' and key_set_at < now() - interval '1 day'";
    plane
        .database()
        .execute(
            "update destination set key_set_at = now() - interval '2 days' where id = '"
                + id
                + "'");

    owner.patch("/destinations/" + id, "{\"streamKey\": \"live_1?a=b&c:d=\"}").expect(200);
    assertThat(plane.rows(old)).as("the same key again").isEqualTo(1);

    owner.patch("/destinations/" + id, "{\"streamKey\": \"live_2\"}").expect(200);
    assertThat(plane.rows(old)).isZero();
  }

  @Test
  void refusesAddressesThatItCannotServe() {
    for (String url :
        new String[] {
          "rtmps://live.example.net",
          "srt://live.example.net:9000",
          "http://live.example.net/app",
          "rtmp://live.example.net",
          "rtmp://live.example.net/",
          "rtmp:///app",
          "rtmp://us@er:pass@live.example.net/app",
          "rtmp://:pass@live.example.net/app",
          "rtmp://user:pass@/app",
          "rtmp://live.example.net:0/app",
          "rtmp://live.example.net:70000/app",
          "rtmp://live.example.net/a b",
          "rtmp://live.example.net/app#x",
          "live.example.net/app",
          "rtmp://live.example.net/app/live_1?a=b&c:d=",
          "",
        }) {
      String body = GOOD.replace("rtmp://live.example.net/app?backup=1", url);
      assertThat(owner.post("/streams/" + streamId + "/destinations", body).faultyFields())
          .as(url)
          .containsExactly("url");
    }
  }

  @Test
  void takesAddressesThatPlatformsGive() {
    for (String url :
        new String[] {
          "rtmp://a.rtmp.youtube.com/live2",
          "rtmps://a.rtmps.youtube.com:443/live2",
          "rtmp://va.pscp.tv:80/x",
          "rtmp://127.0.0.1:19350/live",
          "rtmp://[::1]:19350/live",
          "RTMP://live.example.net/rtmp/",
          "rtmp://user@live.example.net/app@home",
          "rtmp://live.example.net/app/instance?x=%20",
        }) {
      JsonNode made = add(GOOD.replace("rtmp://live.example.net/app?backup=1", url));
      assertThat(made.required("url").stringValue()).isEqualTo(url);
    }
  }

  @Test
  void keepsAPasswordSealedAndShowsTheUrlWithoutIt() {
    String id =
        id(add(GOOD.replace("rtmp://live.example.net", "rtmp://ann:s3:cret%40@live.example.net")));
    String shown = "rtmp://ann@live.example.net/app?backup=1";

    assertThat(owner.get("/destinations/" + id).text("url")).isEqualTo(shown);
    assertThat(password(id)).isEqualTo("s3:cret%40");
    assertThat(plane.rows("destination d where id = '" + id + "' and d::text like '%s3:cret%'"))
        .isZero();
    owner.patch("/destinations/" + id, "{\"url\": \"" + shown + "\"}").expect(200);
    assertThat(password(id)).as("what is shown may be saved again").isEqualTo("s3:cret%40");
    assertThat(revision(id)).isEqualTo(1);
    owner
        .patch("/destinations/" + id, "{\"url\": \"rtmp://ann:new@live.example.net/app\"}")
        .expect(200);
    assertThat(password(id)).isEqualTo("new");
    assertThat(revision(id)).isEqualTo(2);
    owner
        .patch("/destinations/" + id, "{\"url\": \"rtmp://ann@elsewhere.example.net/app\"}")
        .expect(200);
    assertThat(plane.rows("destination where id = '" + id + "' and sealed_password is null"))
        .as("a password goes only where it was given for")
        .isEqualTo(1);
  }

  private static String password(String id) {
    byte[] sealed = plane.bytes("select sealed_password from destination where id = '" + id + "'");
    return TestControlPlane.SECRET_KEY
        .mediaKeys()
        .openDestinationPassword(UUID.fromString(id), sealed);
  }

  @Test
  void namesEveryFieldThatIsWrong() {
    assertThat(owner.post("/streams/" + streamId + "/destinations", "{}").faultyFields())
        .containsExactly("name", "platform", "url", "streamKey");
    assertThat(post("\"platform\": \"myspace\"")).containsExactly("platform");
    for (String wrong : List.of("-1", "60001", "99999999999", "1.5", "\"5\"", "null", "true")) {
      assertThat(post("\"delayMs\": " + wrong)).as(wrong).containsExactly("delayMs");
    }
    for (String wrong :
        List.of(
            "{\"video\": 1}",
            "{\"video\": 1, \"audio\": 256}",
            "{\"video\": -1, \"audio\": 0}",
            "{\"video\": 1, \"audio\": \"0\"}",
            "{\"video\": 1, \"audio\": 0, \"text\": 0}",
            "[1, 0]")) {
      assertThat(post("\"tracks\": " + wrong)).as(wrong).containsExactly("tracks");
    }
    assertThat(post("\"streamKey\": \"\"")).containsExactly("streamKey");
    assertThat(post("\"streamKey\": \"a\\nb\"")).containsExactly("streamKey");
    assertThat(post("\"enabled\": 1")).containsExactly("enabled");
    assertThat(post("\"key\": \"x\"")).containsExactly("key");
    owner
        .post(
            "/streams/" + streamId + "/destinations",
            GOOD.replace("}", ", \"delayMs\": 0, \"tracks\": null}"))
        .expect(201);
  }

  @Test
  void letsNoKeyStandInAUrlInWhicheverOrderTheyCome() {
    String key = "live_8f3a99c2e1";
    String id = id(add(GOOD.replace("live_1?a=b&c:d=", key)));
    assertThat(
            owner
                .patch(
                    "/destinations/" + id, "{\"url\": \"rtmp://live.example.net/app/" + key + "\"}")
                .faultyFields())
        .containsExactly("url");
    owner
        .patch("/destinations/" + id, "{\"url\": \"rtmp://live.example.net/app/room-12345\"}")
        .expect(200);
    assertThat(owner.patch("/destinations/" + id, "{\"streamKey\": \"room-12345\"}").faultyFields())
        .containsExactly("streamKey");
    owner
        .patch(
            "/destinations/" + id,
            "{\"url\": \"rtmp://live.example.net/livestream\", \"streamKey\": \"livestream\"}")
        .expect(200);
  }

  @Test
  void sendsTheDefaultTracksUntilOthersAreNamedAndAgainAfterNull() {
    String id = id(add(GOOD.replace("}", ", \"tracks\": {\"video\": 1, \"audio\": 2}}")));
    JsonNode chosen = owner.get("/destinations/" + id).expect(200).json().required("tracks");
    assertThat(chosen.required("video").intValue()).isEqualTo(1);
    assertThat(chosen.required("audio").intValue()).isEqualTo(2);

    owner.patch("/destinations/" + id, "{\"name\": \"Renamed\"}").expect(200);
    assertThat(owner.get("/destinations/" + id).json().required("tracks")).isEqualTo(chosen);

    owner.patch("/destinations/" + id, "{\"tracks\": null}").expect(200);
    assertThat(owner.get("/destinations/" + id).json().required("tracks").isNull()).isTrue();
    assertThat(revision(id)).as("its relay is not started again").isEqualTo(1);
  }

  @Test
  void changesOneFieldAndStartsTheRelayAgainOnlyWhenItGoesElsewhere() {
    String id = id(add(GOOD));

    owner.patch("/destinations/" + id, "{\"name\": \"Renamed\"}").expect(200);
    assertThat(revision(id)).isEqualTo(1);
    owner.patch("/destinations/" + id, "{\"enabled\": false}").expect(200);
    assertThat(revision(id)).isEqualTo(1);
    assertThat(owner.get("/destinations/" + id).text("state")).isEqualTo("disabled");
    owner.patch("/destinations/" + id, "{\"url\": \"rtmp://other.example.net/app\"}").expect(200);
    assertThat(revision(id)).isEqualTo(2);
    owner.patch("/destinations/" + id, "{\"streamKey\": \"another\"}").expect(200);
    assertThat(revision(id)).isEqualTo(3);
    owner.patch("/destinations/" + id, "{\"streamKey\": \"another\"}").expect(200);
    assertThat(revision(id)).isEqualTo(3);
    owner.post("/destinations/" + id + "/retry").expect(202);
    assertThat(revision(id)).isEqualTo(4);
    assertThat(owner.get("/destinations/" + id).text("name")).isEqualTo("Renamed");
    assertThat(
            owner
                .patch("/destinations/" + id, "{\"url\": \"https://x.example/app\"}")
                .faultyFields())
        .containsExactly("url");
    assertThat(
            plane.rows(
                "event where destination_id = '" + id + "' and type = 'destination.updated'"))
        .isEqualTo(7);
  }

  @Test
  void countsBothOfTwoChangesThatCollide() throws Exception {
    String id = id(add(GOOD));

    whileAnotherChanges(id, () -> owner.patch("/destinations/" + id, "{\"streamKey\": \"k2\"}"))
        .expect(200);
    assertThat(revision(id)).isEqualTo(3);

    whileAnotherChanges(id, () -> owner.post("/destinations/" + id + "/retry")).expect(202);
    assertThat(revision(id)).isEqualTo(5);
  }

  /** The answer to a call that met the destination's row in another's hands. */
  private static Answer whileAnotherChanges(String id, Callable<Answer> call) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection other = plane.database().owner();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "update destination set url = 'rtmp://b.example/app', revision = revision + 1 where id ="
              + " '"
              + id
              + "'");
      String transaction;
      try (ResultSet row = statement.executeQuery("select pg_current_xact_id()::xid::text")) {
        row.next();
        transaction = row.getString(1);
      }
      Future<Answer> answer = threads.submit(call);
      Eventually.holds(
          "the call waits for the other change",
          () ->
              plane.rows("pg_locks where not granted and transactionid = '" + transaction + "'")
                  > 0);
      other.commit();
      return answer.get();
    }
  }

  @Test
  void delaysADestinationAndChangesThatWithoutStartingItsRelayAgain() {
    JsonNode made = add(GOOD.replace("}", ", \"delayMs\": 60000}"));
    String id = id(made);
    assertThat(made.required("delayMs").intValue()).isEqualTo(60_000);
    assertThat(storedDelay(id)).isEqualTo("60000");

    JsonNode changed = owner.patch("/destinations/" + id, "{\"delayMs\": 1500}").expect(200).json();

    assertThat(changed.required("delayMs").intValue()).isEqualTo(1500);
    assertThat(owner.get("/destinations/" + id).json()).isEqualTo(changed);
    assertThat(storedDelay(id)).isEqualTo("1500");
    assertThat(revision(id)).isEqualTo(1);
    assertThat(
            plane.rows(
                "event where destination_id = '" + id + "' and type = 'destination.updated'"))
        .isEqualTo(2);
    owner.patch("/destinations/" + id, "{\"name\": \"Renamed\"}").expect(200);
    assertThat(storedDelay(id)).isEqualTo("1500");
    for (String wrong : List.of("-1", "60001", "null", "\"5\"")) {
      assertThat(
              owner
                  .patch("/destinations/" + id, "{\"delayMs\": %s}".formatted(wrong))
                  .faultyFields())
          .as(wrong)
          .containsExactly("delayMs");
    }
    owner.patch("/destinations/" + id, "{\"delayMs\": 0}").expect(200);
    assertThat(storedDelay(id)).isEqualTo("0");
  }

  @Test
  void deletesADestinationAndKeepsItsRowForHistory() {
    String id = id(add(GOOD));

    owner.delete("/destinations/" + id).expect(204);

    owner.get("/destinations/" + id).expect(404);
    assertThat(owner.get("/streams/" + streamId).json().required("destinations").isEmpty())
        .isTrue();
    assertThat(plane.rows("destination where id = '" + id + "' and deleted_at is not null"))
        .isEqualTo(1);
  }

  @Test
  void answersSomebodyElsesDestinationLikeOneThatDoesNotExist() {
    String id = id(add(GOOD));
    ApiClient stranger = plane.newAccount();

    stranger.get("/destinations/" + id).expect(404);
    stranger.patch("/destinations/" + id, "{\"name\": \"mine\"}").expect(404);
    stranger.delete("/destinations/" + id).expect(404);
    stranger.post("/destinations/" + id + "/retry").expect(404);
    stranger.post("/streams/" + streamId + "/destinations", GOOD).expect(404);
  }

  @Test
  void tellsTheStateOfTheRelayWhileOneIsAtWork() {
    String id = id(add(GOOD));
    try (var node = new TestNode(plane.database())) {
      UUID broadcast = node.goLive(streamKey);
      node.relay(broadcast, id, "retrying", 0);

      assertThat(owner.get("/destinations/" + id).text("state")).isEqualTo("retrying");

      node.end(broadcast);
      plane
          .database()
          .execute("update relay set state = 'ended' where broadcast_id = '" + broadcast + "'");
      assertThat(owner.get("/destinations/" + id).text("state")).isEqualTo("idle");
    }
  }

  @Test
  void tellsTheStateOfARelayThatDrainsForAsLongAsADelayMayBe() {
    String id = id(add(GOOD.replace("}", ", \"delayMs\": 60000}")));
    try (var node = new TestNode(plane.database())) {
      UUID broadcast = node.goLive(streamKey);
      node.relay(broadcast, id, "live", 0);
      node.end(broadcast);

      endedBefore(broadcast, 64);
      assertThat(owner.get("/destinations/" + id).text("state")).isEqualTo("live");

      endedBefore(broadcast, 80);
      assertThat(owner.get("/destinations/" + id).text("state")).isEqualTo("idle");
    }
  }

  private static void endedBefore(UUID broadcast, int seconds) {
    plane
        .database()
        .execute(
            "update broadcast set ended_at = now() - interval '%d seconds' where id = '%s'"
                .formatted(seconds, broadcast));
  }

  private JsonNode add(String body) {
    return owner.post("/streams/" + streamId + "/destinations", body).expect(201).json();
  }

  private List<String> post(String more) {
    String name = more.substring(1, more.indexOf('"', 1));
    String rest =
        GOOD.replaceFirst("\"" + name + "\": (\"[^\"]*\"|\\w+),? ?", "").replaceFirst(", *}$", "}");
    return owner
        .post(
            "/streams/" + streamId + "/destinations",
            rest.replaceFirst("}$", ", " + more.replace("\\", "\\\\") + "}"))
        .faultyFields();
  }

  private static String id(JsonNode made) {
    return made.required("id").stringValue();
  }

  /** As a media node reads it. */
  private static String storedDelay(String id) {
    try (Connection media = plane.database().media();
        Statement statement = media.createStatement();
        ResultSet row =
            statement.executeQuery("select delay_ms from destination where id = '" + id + "'")) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static long revision(String id) {
    return plane.rows(
        "generate_series(1, (select revision from destination where id = '" + id + "'))");
  }
}
