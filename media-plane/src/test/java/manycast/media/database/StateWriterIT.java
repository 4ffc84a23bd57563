package manycast.media.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import manycast.db.keys.SecretKey;
import manycast.db.testing.TestDatabase;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.EndReason;
import manycast.media.relay.RelayState;
import manycast.media.testing.Rows;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StateWriterIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  private final TestDatabase database = TestDatabase.create();
  private final Database access =
      new Database(database.url(), TestDatabase.MEDIA, database.mediaPassword());
  private final List<UUID> lost = new CopyOnWriteArrayList<>();
  private final StateWriter writer =
      new StateWriter(access, (broadcastId, epoch) -> lost.add(broadcastId));
  private final List<UUID> destinations = new ArrayList<>();
  private final Rows rows;
  private final BroadcastClaim claim;

  StateWriterIT() throws SQLException {
    rows = new Rows(database, SecretKey.generate().mediaKeys());
    claim = new BroadcastClaim(UUID.randomUUID(), 7, rows.stream(), rows.account(), "A stream");
  }

  @BeforeEach
  void makeABroadcastWithDestinations() throws SQLException {
    for (int i = 0; i < 5; i++) {
      destinations.add(rows.addDestination("Place " + i, "rtmp://127.0.0.1/app", "k"));
    }
    UUID key = rows.addKey("a-stream-key");
    database.execute(
        "insert into node (id, url, rtmp_url, version, state)"
            + " values ('n', 'http://n', 'rtmp://n', '1', 'ready')");
    database.execute(
        "insert into broadcast (id, account_id, stream_id, stream_name, epoch, node_id, state,"
            + " key_id, protocol, remote_address) values ('%s', '%s', '%s', 'A stream', 7, 'n', 'live', '%s', 'rtmp', '127.0.0.1')"
                .formatted(claim.broadcastId(), claim.accountId(), claim.streamId(), key));
  }

  @AfterEach
  void close() {
    writer.close();
    access.close();
    database.close();
  }

  private String text(String sql) {
    try {
      return rows.texts(sql).getFirst();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Somebody holds the table; answers once the writer, with something to write, waits for it. */
  private void blockWriter(Statement holder) throws SQLException {
    holder.execute("begin");
    holder.execute("lock table relay in access exclusive mode");
    writer.record(Reports.live(claim, destinations.getFirst(), 1, "destination.live"));
    Until.isTrue(SOON, "the writer waits", () -> !writersThatWait().equals("0"));
  }

  private String writersThatWait() {
    return text(
        "select count(*) from pg_stat_activity"
            + " where usename = 'manycast_media' and datname = current_database() and wait_event_type = 'Lock'");
  }

  @Test
  void figuresGoInOneTransactionBehindTheEndThatCameLater() throws SQLException {
    try (Connection connection = database.owner();
        Statement holder = connection.createStatement()) {
      blockWriter(holder);
      for (UUID destination : destinations) {
        writer.record(Reports.live(claim, destination, 2, null));
      }
      writer.end(claim, EndReason.ENCODER);
      holder.execute("rollback");
    }
    assertThat(writer.flush(SOON.toMillis())).isTrue();

    assertThat(text("select count(*) from relay where bytes_sent = 2")).isEqualTo("5");
    assertThat(text("select count(distinct xmin::text) from relay")).isEqualTo("1");
    assertThat(
            text(
                "select bool_and(b.xmin::text::bigint < r.xmin::text::bigint) from broadcast b, relay r"))
        .as("transactions are numbered in their order")
        .isEqualTo("t");
    assertThat(text("select end_reason from broadcast")).isEqualTo("encoder");
  }

  @Test
  void anEventWhoseWriteIsCutOffIsWrittenThoughFiguresCameMeanwhile() throws SQLException {
    try (Connection connection = database.owner();
        Statement holder = connection.createStatement()) {
      blockWriter(holder);
      writer.record(Reports.live(claim, destinations.getFirst(), 2, null));
      text(
          "select count(pg_terminate_backend(pid)) from pg_stat_activity"
              + " where usename = 'manycast_media' and datname = current_database() and wait_event_type = 'Lock'");
      holder.execute("rollback");
    }
    assertThat(writer.flush(SOON.toMillis())).isTrue();

    assertThat(text("select bytes_sent from relay")).isEqualTo("2");
    assertThat(text("select count(*) from event where type = 'destination.live'")).isEqualTo("1");
  }

  @Test
  void aRowThatCannotBeWrittenTakesNoOtherWithIt() throws SQLException {
    try (Connection connection = database.owner();
        Statement holder = connection.createStatement()) {
      blockWriter(holder);
      writer.record(
          Reports.report(claim, destinations.get(1), RelayState.LIVE, 2, "no \0 text", null));
      for (UUID destination : destinations.subList(2, 5)) {
        writer.record(Reports.live(claim, destination, 2, null));
      }
      holder.execute("rollback");
    }
    assertThat(writer.flush(SOON.toMillis())).isTrue();

    assertThat(text("select count(*) from relay")).isEqualTo("4");
    assertThat(lost).isEmpty();
  }

  @Test
  void whoWritesUnderAnotherEpochLearnsThatTheBroadcastIsNotItsOwn() throws SQLException {
    database.execute("update broadcast set epoch = 8");
    writer.record(Reports.live(claim, destinations.getFirst(), 1, "destination.live"));
    assertThat(writer.flush(SOON.toMillis())).isTrue();

    assertThat(lost).contains(claim.broadcastId());
    assertThat(text("select count(*) from event where type = 'destination.live'")).isEqualTo("0");
  }
}
