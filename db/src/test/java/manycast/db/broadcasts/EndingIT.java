package manycast.db.broadcasts;

import static java.util.Objects.requireNonNull;
import static manycast.db.broadcasts.Claims.claim;
import static manycast.db.broadcasts.Claims.end;
import static manycast.db.broadcasts.Claims.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import manycast.db.broadcasts.Claims.Claim;
import manycast.db.testing.Fixture;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndingIT {
  private static final String URL = "http://127.0.0.1:8083";

  private final TestDatabase database = TestDatabase.create();
  private final Fixture fixture = new Fixture(database);
  private final UUID stream = fixture.stream(fixture.account());
  private final UUID destination = fixture.destination(stream);
  private final String node = fixture.node(URL);
  private final Connection media = database.media();
  private final Claim live;

  EndingIT() throws SQLException {
    fixture.streamKey(stream, "key");
    live = claim(media, "key", node);
    try (var relay =
        media.prepareStatement(
            "insert into relay (broadcast_id, destination_id, name, platform, state)"
                + " values (?, ?, 'A place', 'custom', 'live')")) {
      relay.setObject(1, live.broadcastId());
      relay.setObject(2, destination);
      relay.executeUpdate();
    }
  }

  @AfterEach
  void close() throws SQLException {
    media.close();
    database.close();
  }

  @Test
  void endsOnceAndTellsOfIt() throws SQLException {
    assertThat(end(media, requireNonNull(live.broadcastId()), live.epoch(), "encoder")).isTrue();
    assertThat(end(media, requireNonNull(live.broadcastId()), live.epoch(), "stopped")).isFalse();
    assertThat(endReason()).isEqualTo("encoder");
    assertThat(
            query(
                media,
                "select string_agg(data ->> 'endReason', ',') from event where type = 'broadcast.ended'"))
        .isEqualTo("encoder");
    assertThat(relayState()).as("the node still drains").isEqualTo("live");
  }

  @Test
  void doesNothingForAStaleEpoch() throws SQLException {
    assertThat(end(media, requireNonNull(live.broadcastId()), live.epoch() - 1, "encoder"))
        .isFalse();
    assertThat(query(media, "select state from broadcast where id = ?", live.broadcastId()))
        .isEqualTo("live");
  }

  @Test
  void aNodeThatRegistersAgainKeepsItsBroadcasts() throws SQLException {
    assertThat(registerAgain()).isEqualTo("null");
    assertThat(query(media, "select state from broadcast where id = ?", live.broadcastId()))
        .isEqualTo("live");
  }

  @Test
  void aNodeIsToldOfAsUpWhenItComesAndNotWhenItRegistersAgain() throws SQLException {
    registerAgain();
    assertThat(timesUp()).isEqualTo("1");
    database.execute("update node set state = 'gone'");
    registerAgain();
    assertThat(timesUp()).isEqualTo("2");
  }

  @Test
  void aProcessThatWasReplacedDoesNotTakeItsAddressBackWhileTheOtherIsThere() throws SQLException {
    String successor = fixture.node(URL);
    Claim next = claim(media, "key", successor);
    assertThat(next.broadcastId()).isEqualTo(live.broadcastId());

    assertThat(registerAgain())
        .isEqualTo(
            "another node has registered with MANYCAST_NODE_URL "
                + URL
                + ": give each node its own");
    assertThat(nodeState(node)).isEqualTo("gone");
    assertThat(nodeState(successor)).isEqualTo("ready");
    assertThat(query(media, "select state from broadcast where id = ?", next.broadcastId()))
        .isEqualTo("live");

    database.execute("update node set state = 'gone' where id = '" + successor + "'");
    assertThat(registerAgain()).isEqualTo("null");
    assertThat(nodeState(node)).isEqualTo("ready");
  }

  @Test
  void removesAGoneNodeWithItsKeyWhereNoBroadcastNamesIt() throws SQLException {
    String forgotten = fixture.node("http://127.0.0.1:8084");
    String keyed = fixture.node("http://127.0.0.1:8085");
    database.execute("update node set state = 'gone'");
    database.execute("delete from process_key where id <> '" + keyed + "'");
    String present = fixture.node("http://127.0.0.1:8086");

    assertThat(query(media, "select count(*) from node where id = ?", forgotten)).isEqualTo("0");
    assertThat(query(media, "select count(*) from node")).isEqualTo("3");
    assertThat(nodeState(node)).as("a broadcast names it").isEqualTo("gone");
    assertThat(nodeState(keyed)).as("its process may live").isEqualTo("gone");
    assertThat(nodeState(present)).isEqualTo("ready");
  }

  @Test
  void registersNoNodeWithoutAKey() {
    assertThatThrownBy(
            () -> query(media, "select register_node('0123', 'http://x', 'rtmp://x', 't')"))
        .hasMessageContaining("has registered no key");
  }

  @Test
  void reapsNothingThatLives() throws SQLException {
    assertThat(reap(30)).isZero();
    assertThat(nodeState(node)).isEqualTo("ready");
  }

  @Test
  void reapsNobodySoonerThanAfterHalfAMinute() {
    assertThatThrownBy(() -> reap(29)).hasMessageContaining("at least 30 seconds");
    assertThatThrownBy(() -> query(media, "select reap_lost_nodes(null)"))
        .hasMessageContaining("at least 30 seconds");
  }

  @Test
  void concludesNothingWhenTheServerCameUpJustNow() throws SQLException {
    database.execute("update node set heartbeat_at = now() - interval '1 hour'");
    fixture.serverCameUpJustNow();
    assertThat(reap(30)).isZero();
    assertThat(nodeState(node)).isEqualTo("ready");
  }

  /** What the node's process is answered that registers once more. */
  private String registerAgain() throws SQLException {
    return query(media, "select register_node(?, ?, 'rtmp://x/live', 'test')", node, URL);
  }

  private String timesUp() throws SQLException {
    return query(media, "select count(*) from event where type = 'node.up' and node_id = ?", node);
  }

  private int reap(int seconds) throws SQLException {
    return Integer.parseInt(query(media, "select reap_lost_nodes(?)", seconds));
  }

  private String endReason() throws SQLException {
    return query(media, "select end_reason from broadcast where id = ?", live.broadcastId());
  }

  private String relayState() throws SQLException {
    return query(media, "select state from relay where broadcast_id = ?", live.broadcastId());
  }

  private String nodeState(String id) throws SQLException {
    return query(media, "select state from node where id = ?", id);
  }
}
