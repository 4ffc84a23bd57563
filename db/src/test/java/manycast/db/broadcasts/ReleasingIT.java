package manycast.db.broadcasts;

import static java.util.Objects.requireNonNull;
import static manycast.db.broadcasts.Claims.claim;
import static manycast.db.broadcasts.Claims.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.Executors;
import manycast.db.broadcasts.Claims.Claim;
import manycast.db.testing.Fixture;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broadcast whose node let go of it, or is lost, waits for its encoder. */
class ReleasingIT {
  private static final String URL = "http://127.0.0.1:8083";

  private final TestDatabase database = TestDatabase.create();
  private final Fixture fixture = new Fixture(database);
  private final UUID stream = fixture.stream(fixture.account());
  private final UUID destination = fixture.destination(stream);
  private final String node = fixture.node(URL);
  private final Connection media = database.media();
  private final UUID broadcast;
  private final long epoch;

  ReleasingIT() throws SQLException {
    fixture.streamKey(stream, "key");
    Claim live = claim(media, "key", node);
    broadcast = requireNonNull(live.broadcastId());
    epoch = live.epoch();
    try (var relay =
        media.prepareStatement(
            "insert into relay (broadcast_id, destination_id, name, platform, state, bytes_sent)"
                + " values (?, ?, 'A place', 'custom', 'live', 5000)")) {
      relay.setObject(1, broadcast);
      relay.setObject(2, destination);
      relay.executeUpdate();
    }
    fixture.serverIsUpForAnHour();
  }

  @AfterEach
  void close() throws SQLException {
    media.close();
    database.close();
  }

  @Test
  void waitsForItsEncoderWithoutAnOwner() throws SQLException {
    assertThat(release("encoder_lost")).isEqualTo("t");
    assertThat(state()).isEqualTo("resuming t 1");
    assertThat(seconds("resume_until - now()")).isBetween(40, 45);
    assertThat(relayState()).as("nothing is sent").isEqualTo("idle");
    assertThat(events()).isEqualTo("broadcast.started,broadcast.interrupted");
    assertThat(release("node_lost")).as("a second time").isEqualTo("f");
  }

  @Test
  void waitsAsLongAsItsStreamSays() throws SQLException {
    database.execute("update stream set resume_grace_seconds = 600");
    release("encoder_lost");
    assertThat(seconds("resume_until - now()")).isBetween(595, 600);
  }

  @Test
  void waitsNoLongerForANodeThanItAlreadyDidForItsEncoder() throws SQLException {
    database.execute(
        "update broadcast set state = 'resuming', resume_until = now() + interval '7 s',"
            + " grace_reason = 'encoder_lost', interruptions = 1");
    release("node_lost");
    assertThat(seconds("resume_until - now()")).isBetween(0, 7);
    assertThat(state()).isEqualTo("resuming t 1");
    database.execute("update broadcast set resume_until = now() - interval '1 s'");
    assertThat(query(media, "select end_after_grace()")).isEqualTo("1");
    assertThat(endReason()).isEqualTo("encoder_lost");
  }

  @Test
  void isTakenOverByTheNextNodeThatItsEncoderComesTo() throws SQLException {
    release("encoder_lost");
    String other = fixture.node("http://127.0.0.1:8084");
    Claim next = claim(media, "key", other, "203.0.113.9");
    assertThat(next.broadcastId()).isEqualTo(broadcast);
    assertThat(next.epoch()).isGreaterThan(epoch);
    assertThat(next.resumed()).isTrue();
    assertThat(state()).isEqualTo("live f 1");
    assertThat(query(media, "select host(remote_address) from broadcast where id = ?", broadcast))
        .isEqualTo("203.0.113.9");
    assertThat(events()).isEqualTo("broadcast.started,broadcast.interrupted,broadcast.resumed");
    assertThat(query(media, "select release_broadcast(?, ?, 'node_lost')", broadcast, epoch))
        .as("by its former owner")
        .isEqualTo("f");
  }

  @Test
  void endsWhenNobodyHasComeWithinTheGraceAndNotBefore() throws SQLException {
    release("node_lost");
    assertThat(query(media, "select end_after_grace()")).isEqualTo("0");
    database.execute("update broadcast set resume_until = now() - interval '1 s'");
    assertThat(query(media, "select end_after_grace()")).isEqualTo("1");
    assertThat(query(media, "select end_after_grace()")).isEqualTo("0");
    assertThat(endReason()).isEqualTo("node_lost");
    assertThat(relayState()).isEqualTo("ended");
  }

  @Test
  void anEncoderThatComesTooLateBeginsAnotherBroadcast() throws SQLException {
    release("encoder_lost");
    database.execute("update broadcast set resume_until = now() - interval '1 s'");
    Claim next = claim(media, "key", node);
    assertThat(next.outcome()).isEqualTo("claimed");
    assertThat(next.broadcastId()).isNotEqualTo(broadcast);
    assertThat(endReason()).isEqualTo("encoder_lost");
  }

  @Test
  void nobodysGraceIsOverWhenTheServerCameUpJustNow() throws SQLException {
    release("node_lost");
    database.execute("update broadcast set resume_until = now() - interval '1 s'");
    fixture.serverCameUpJustNow();
    assertThat(query(media, "select end_after_grace()")).isEqualTo("0");
  }

  @Test
  void aNewProcessAtTheSameAddressFindsWhatTheOldOneOwnedWaiting() throws SQLException {
    String successor = fixture.node(URL);
    assertThat(state()).isEqualTo("resuming t 1");
    assertThat(nodeState(node)).isEqualTo("gone");
    assertThat(nodeState(successor)).isEqualTo("ready");
    assertThat(claim(media, "key", successor).broadcastId()).isEqualTo(broadcast);
  }

  @Test
  void whatASilentNodeOwnedWaitsForItsWholeGrace() throws SQLException {
    database.execute("update stream set resume_grace_seconds = 600");
    database.execute("update node set heartbeat_at = now() - interval '10 minutes'");
    try (Connection control = database.control()) {
      assertThat(query(control, "select reap_lost_nodes(60)")).isEqualTo("1");
      assertThat(query(control, "select reap_lost_nodes(60)")).isEqualTo("0");
      assertThat(query(control, "select end_after_grace()")).isEqualTo("0");
    }
    assertThat(state()).isEqualTo("resuming t 1");
    assertThat(seconds("resume_until - now()")).isBetween(595, 600);
    assertThat(nodeState(node)).isEqualTo("gone");
    assertThat(query(media, "select count(*) from event where type = 'node.down'")).isEqualTo("1");
  }

  @Test
  void whatAGoneNodeLeftBehindWaitsToo() throws SQLException {
    database.execute("update node set state = 'gone'");
    assertThat(query(media, "select reap_lost_nodes(30)")).as("it may yet let go").isEqualTo("0");
    database.execute("update node set heartbeat_at = now() - interval '31 seconds'");
    assertThat(query(media, "select reap_lost_nodes(30)")).isEqualTo("1");
    assertThat(state()).isEqualTo("resuming t 1");
    assertThat(query(media, "select count(*) from event where type = 'node.down'")).isEqualTo("0");
  }

  @Test
  void aNodeThatWasCutOffGoesOnWithWhatNobodyTookOver() throws SQLException {
    release("node_lost");
    assertThat(keep("live")).isEqualTo("t");
    assertThat(state()).isEqualTo("live f 1");
    assertThat(events()).isEqualTo("broadcast.started,broadcast.interrupted,broadcast.resumed");
    assertThat(keep("live")).as("what it never lost").isEqualTo("t");
    assertThat(events())
        .hasSize("broadcast.started,broadcast.interrupted,broadcast.resumed".length());
  }

  @Test
  void aNodeThatWasCutOffWhileItsEncoderWasLostGoesOnWaiting() throws SQLException {
    release("node_lost");
    assertThat(keep("resuming")).isEqualTo("t");
    assertThat(state()).isEqualTo("resuming f 1");
  }

  @Test
  void aNodeKeepsNothingThatIsSomebodyElsesOrOver() throws SQLException {
    release("node_lost");
    String other = fixture.node("http://127.0.0.1:8084");
    Claim next = claim(media, "key", other);
    assertThat(keep("live")).isEqualTo("f");
    assertThat(
            query(media, "select keep_broadcast(?, ?, ?, 'live')", broadcast, next.epoch(), other))
        .isEqualTo("t");
    database.execute(
        "update broadcast set state = 'ended', ended_at = now(), end_reason = 'encoder'");
    assertThat(
            query(media, "select keep_broadcast(?, ?, ?, 'live')", broadcast, next.epoch(), other))
        .isEqualTo("f");
  }

  @Test
  void aNodeThatWasReplacedKeepsNothing() throws SQLException {
    fixture.node(URL);
    assertThat(keep("live")).isEqualTo("f");
  }

  @Test
  void theControlPlaneEndsWhatNoNodeIsLeftToEnd() throws SQLException {
    try (Connection control = database.control()) {
      assertThat(query(control, "select end_released(?, 'stopped')", stream))
          .as("its node does that")
          .isEqualTo("f");
      release("node_lost");
      assertThat(query(control, "select end_released(?, 'stopped')", stream)).isEqualTo("t");
    }
    assertThat(endReason()).isEqualTo("stopped");
    assertThat(relayState()).isEqualTo("ended");
  }

  @Test
  void whatWasStoppedWhileNoNodeWasThereToDoItEndsWhenItIsReleased() throws SQLException {
    database.execute("update stream set stop_broadcast_id = '%s'".formatted(broadcast));
    assertThat(release("node_lost")).isEqualTo("t");
    assertThat(endReason()).isEqualTo("stopped");
    assertThat(relayState()).isEqualTo("ended");
    assertThat(events()).isEqualTo("broadcast.started,broadcast.ended");
  }

  @Test
  void whatWasDeletedMeanwhileEndsAsDeletedWhatElseWasDoneToIt() throws SQLException {
    database.execute(
        "update stream set enabled = false, stop_broadcast_id = '%s', deleted_at = now()"
            .formatted(broadcast));
    assertThat(release("encoder_lost")).isEqualTo("t");
    assertThat(endReason()).isEqualTo("deleted");
  }

  @Test
  void whatWasDisabledMeanwhileEndsWhenItsNodeIsTakenForLost() throws SQLException {
    database.execute("update stream set enabled = false");
    database.execute("update node set heartbeat_at = now() - interval '60 s'");
    try (Connection control = database.control()) {
      assertThat(query(control, "select reap_lost_nodes(30)")).isEqualTo("1");
    }
    assertThat(endReason()).isEqualTo("disabled");
  }

  @Test
  void aBroadcastStoppedBeforeItWasTakenOverIsNotGoneOnWith() throws SQLException {
    database.execute(
        "update broadcast set state = 'resuming', resume_until = now() + interval '30 s',"
            + " grace_reason = 'encoder_lost', interruptions = 1");
    database.execute("update stream set stop_broadcast_id = '%s'".formatted(broadcast));
    database.execute("update node set state = 'gone'");
    Claim next = claim(media, "key", fixture.node("http://127.0.0.1:8084"), "203.0.113.9");
    assertThat(next.outcome()).isEqualTo("claimed");
    assertThat(next.broadcastId()).isNotEqualTo(broadcast);
    assertThat(next.resumed()).isFalse();
    assertThat(query(media, "select end_reason from broadcast where id = ?", broadcast))
        .isEqualTo("stopped");
  }

  @Test
  void aStopThatIsBeingWrittenIsWaitedForByWhoReleases() throws Exception {
    try (Connection control = database.control();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      control.setAutoCommit(false);
      try (var stop =
          control.prepareStatement("update stream set stop_broadcast_id = ? where id = ?")) {
        stop.setObject(1, broadcast);
        stop.setObject(2, stream);
        stop.executeUpdate();
      }
      assertThat(query(control, "select end_released(?, 'stopped')", stream)).isEqualTo("f");
      var released = threads.submit(() -> release("node_lost"));
      awaitAWaitingLock();
      control.commit();
      assertThat(released.get()).isEqualTo("t");
    }
    assertThat(endReason()).isEqualTo("stopped");
  }

  @Test
  void theControlPlaneEndsNothingInPlaceOfANodeThatIsThere() throws SQLException {
    database.execute(
        "grant execute on function end_broadcast(uuid, bigint, text) to manycast_control");
    try (Connection control = database.control()) {
      assertThatThrownBy(
              () -> query(control, "select end_broadcast(?, ?, 'stopped')", broadcast, epoch))
          .hasMessageContaining("only in place of its node");
    }
  }

  private void awaitAWaitingLock() throws SQLException, InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    try (Connection owner = database.owner()) {
      while (query(
              owner,
              "select count(*) from pg_stat_activity where datname = current_database()"
                  + " and wait_event_type = 'Lock'")
          .equals("0")) {
        assertThat(System.nanoTime()).as("in time").isLessThan(end);
        Thread.sleep(10);
      }
    }
  }

  private String release(String reason) throws SQLException {
    return query(media, "select release_broadcast(?, ?, ?)", broadcast, epoch, reason);
  }

  private String keep(String state) throws SQLException {
    return query(media, "select keep_broadcast(?, ?, ?, ?)", broadcast, epoch, node, state);
  }

  private String state() throws SQLException {
    return query(
        media,
        "select concat_ws(' ', state, released, interruptions) from broadcast where id = ?",
        broadcast);
  }

  private int seconds(String interval) throws SQLException {
    return Integer.parseInt(
        query(
            media,
            "select floor(extract(epoch from " + interval + ")) from broadcast where id = ?",
            broadcast));
  }

  private String events() throws SQLException {
    return query(
        media,
        "select string_agg(type, ',' order by xact, seq) from event where broadcast_id = ?",
        broadcast);
  }

  private String endReason() throws SQLException {
    return query(media, "select end_reason from broadcast where id = ?", broadcast);
  }

  private String relayState() throws SQLException {
    return query(media, "select state from relay where broadcast_id = ?", broadcast);
  }

  private String nodeState(String id) throws SQLException {
    return query(media, "select state from node where id = ?", id);
  }
}
