package manycast.control.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import manycast.control.database.Steadiness;
import manycast.control.testing.ApiClient;
import manycast.control.testing.EventReaderClient;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import manycast.db.testing.Fixture;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * What the control plane does about a node that has fallen silent. Heartbeats are set back in the
 * database; for how long the judge has been connected is told to it, by the database's clock.
 */
class ReaperIT {
  private final TestDatabase database = TestDatabase.create();
  private final TestControlPlane plane = TestControlPlane.startReady(database);
  private final ApiClient owner = plane.newAccount();
  private final TestNode node = new TestNode(database);
  private String streamId;
  private UUID broadcast;

  @BeforeEach
  void goLive() {
    new Fixture(database).serverIsUpForAnHour();
    JsonNode stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
    streamId = stream.required("id").stringValue();
    String destination =
        owner
            .post(
                "/streams/" + streamId + "/destinations",
                "{\"name\": \"d\", \"platform\": \"custom\", \"url\": \"rtmp://x.example/app\", \"streamKey\": \"k\"}")
            .expect(201)
            .text("id");
    broadcast = node.goLive(stream.required("ingest").required("streamKey").stringValue());
    node.relay(broadcast, destination, "live", 77);
  }

  @AfterEach
  void close() {
    node.close();
    plane.close();
    database.close();
  }

  @Test
  void hasTheBroadcastOfANodeThatHasBeenSilentForAMinuteWaitAndThenEndsIt() {
    try (var ownersEvents = new EventReaderClient(owner, null);
        var adminsEvents = new EventReaderClient(plane.admin(), null)) {
      silentFor(61);
      reaper(connectedFor(61)).run();

      assertThat(owner.get("/streams/" + streamId).text("state")).isEqualTo("resuming");
      JsonNode waiting = owner.get("/streams/" + streamId + "/live").expect(200).json();
      assertThat(waiting.required("state").stringValue()).isEqualTo("resuming");
      assertThat(Instant.parse(waiting.required("resumeUntil").stringValue()))
          .isAfter(databaseTime().plusSeconds(30));
      assertThat(waiting.required("destinations").get(0).required("state").stringValue())
          .isEqualTo("idle");

      database.execute("update broadcast set resume_until = now() - interval '1 second'");
      reaper(connectedFor(61)).run();

      JsonNode ended = owner.get("/broadcasts/" + broadcast).expect(200).json();
      assertThat(ended.required("state").stringValue()).isEqualTo("ended");
      assertThat(ended.required("endReason").stringValue()).isEqualTo("node_lost");
      assertThat(ended.required("destinations").get(0).required("state").stringValue())
          .isEqualTo("ended");
      owner.get("/streams/" + streamId + "/live").expect(404);
      assertThat(nodeState()).isEqualTo("gone");
      assertThat(plane.rows("event where type = 'node.down' and node_id = '" + node.id() + "'"))
          .isEqualTo(1);
      Eventually.holds(
          "the owner is told",
          () ->
              ownersEvents
                  .types()
                  .containsAll(List.of("broadcast.interrupted", "broadcast.ended")));
      Eventually.holds("the admin is told", () -> adminsEvents.types().contains("node.down"));
      assertThat(ownersEvents.types()).doesNotContain("node.down");
    }
  }

  @Test
  void leavesANodeAloneThatWasHeardWithinAMinute() {
    silentFor(55);
    reaper(connectedFor(3600)).run();
    assertUntouched();
  }

  @Test
  void concludesNothingBeforeItHasItselfBeenConnectedForAsLongAsTheNodeWasSilent() {
    silentFor(3600);

    plane.part(Reaper.class).run();
    assertUntouched();

    reaper(connectedFor(55)).run();
    assertUntouched();

    reaper(Optional.empty()).run();
    assertUntouched();
  }

  @Test
  void concludesNothingWhenItWasHeldItselfUntilJustNow() {
    silentFor(3600);
    Instant now = databaseTime();
    reaper(Optional.of(new Steadiness(now.minusSeconds(7200), now.minusSeconds(3600)))).run();
    assertUntouched();
  }

  private void assertUntouched() {
    assertThat(owner.get("/broadcasts/" + broadcast).text("state")).isEqualTo("live");
    assertThat(nodeState()).isEqualTo("ready");
    assertThat(
            plane.rows(
                "event where type in ('node.down', 'broadcast.interrupted', 'broadcast.ended')"))
        .isZero();
  }

  private void silentFor(int seconds) {
    database.execute(
        "update node set heartbeat_at = now() - interval '%d seconds' where id = '%s'"
            .formatted(seconds, node.id()));
  }

  /** On the pool and with the role of the control plane. */
  private Reaper reaper(Optional<Steadiness> judge) {
    return new Reaper(plane.part(JdbcClient.class), () -> judge);
  }

  private Optional<Steadiness> connectedFor(int seconds) {
    Instant now = databaseTime();
    return Optional.of(new Steadiness(now.minus(Duration.ofSeconds(seconds)), now));
  }

  private Instant databaseTime() {
    return Instant.parse(
        plane.text(
            "select to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
  }

  private String nodeState() {
    return plane.text("select state from node where id = '" + node.id() + "'");
  }
}
