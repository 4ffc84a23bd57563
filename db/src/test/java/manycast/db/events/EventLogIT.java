package manycast.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

class EventLogIT {
  private final TestDatabase database = TestDatabase.create();
  private final EventReader reader = new EventReader();
  private final Connection control = database.control();

  EventLogIT() throws SQLException {}

  @AfterEach
  void close() throws SQLException {
    control.close();
    database.close();
  }

  private static void emit(Connection connection, String type) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select emit_event('" + type + "', null, null, null, null, null, null)");
    }
  }

  private static List<String> types(List<Event> events) {
    return events.stream().map(Event::type).toList();
  }

  @Test
  void anEmptyLogHasNoOldestEventAndBeginsAtTheStart() throws SQLException {
    assertThat(reader.oldest(control)).isNull();
    assertThat(reader.head(control)).isEqualTo(EventPosition.START);
    assertThat(reader.readAfter(control, EventPosition.START, 10)).isEmpty();
  }

  @Test
  void readsWhatWasWrittenInPages() throws SQLException {
    UUID stream = UUID.randomUUID();
    try (Statement statement = control.createStatement()) {
      statement.execute(
          """
          select emit_event('stream.updated', '%s', '%s', null, null, null, '{"a": 1}')
          """
              .formatted(UUID.randomUUID(), stream));
    }
    emit(control, "destination.updated");
    emit(control, "node.updated");

    List<Event> page = reader.readAfter(control, EventPosition.START, 2);
    assertThat(types(page)).containsExactly("stream.updated", "destination.updated");
    assertThat(page.getFirst().streamId()).isEqualTo(stream);
    assertThat(page.getFirst().dataJson()).isEqualTo("{\"a\": 1}");
    assertThat(page.getFirst().position()).isEqualTo(reader.oldest(control));
    List<Event> rest = reader.readAfter(control, page.getLast().position(), 2);
    assertThat(types(rest)).containsExactly("node.updated");
    assertThat(rest.getLast().position()).isEqualTo(reader.head(control));
  }

  @Test
  void findsItsPlaceInALongLogWithoutReadingTheLog() throws SQLException {
    database.execute(
        """
        alter table event disable trigger event_notify;
        insert into event (xact, type)
          select (3 + g / 500)::text::xid8, 'node.updated' from generate_series(1, 50000) g;
        analyze event;
        """);
    control.setAutoCommit(false);
    try (Statement statement = control.createStatement()) {
      // A worker's reading would not be counted below.
      statement.execute("set local max_parallel_workers_per_gather = 0");
      assertThat(reader.oldest(control)).isEqualTo(new EventPosition(3, 1));
      assertThat(reader.head(control)).isEqualTo(new EventPosition(103, 50_000));
      assertThat(reader.readAfter(control, new EventPosition(50, 0), 10)).hasSize(10);
      try (ResultSet row =
          statement.executeQuery(
              "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'event'")) {
        row.next();
        assertThat(row.getLong(1)).as("rows looked at").isLessThan(50);
      }
    }
  }

  @Test
  void readsNothingThatAnOlderTransactionCouldStillPrecede() throws SQLException {
    try (Connection slow = database.control()) {
      slow.setAutoCommit(false);
      emit(slow, "stream.updated");
      emit(control, "destination.updated");
      assertThat(reader.readAfter(control, EventPosition.START, 10)).isEmpty();
      assertThat(reader.head(control)).isEqualTo(EventPosition.START);
      slow.commit();
      assertThat(types(reader.readAfter(control, EventPosition.START, 10)))
          .containsExactly("stream.updated", "destination.updated");
    }
  }

  @Test
  void wakesOnTheChannelOfTheTypeWithTheEventsId() throws SQLException {
    try (Connection listening = database.media();
        Statement statement = listening.createStatement();
        Connection media = database.media()) {
      statement.execute("listen manycast_config; listen manycast_broadcast; listen manycast_node");
      emit(control, "stream.updated");
      emit(media, "broadcast.started");
      emit(media, "node.up");
      List<Event> events = reader.readAfter(control, EventPosition.START, 10);
      List<String> notifications = new ArrayList<>();
      PGConnection notified = listening.unwrap(PGConnection.class);
      while (notifications.size() < 3) {
        PGNotification[] more = notified.getNotifications(5000);
        assertThat(more).as("notifications after " + notifications).isNotEmpty();
        for (PGNotification notification : more) {
          notifications.add(notification.getName() + " " + notification.getParameter());
        }
      }
      assertThat(notifications)
          .containsExactly(
              "manycast_config {\"event\" : \"" + events.get(0).position() + "\"}",
              "manycast_broadcast {\"event\" : \"" + events.get(1).position() + "\"}",
              "manycast_node {\"event\" : \"" + events.get(2).position() + "\"}");
    }
  }

  @Test
  void keepsThirtyDaysAndNoLonger() throws SQLException {
    emit(control, "stream.updated");
    emit(control, "destination.updated");
    database.execute(
        "update event set occurred_at = now() - interval '31 days' where type = 'stream.updated'");
    database.execute(
        "update event set occurred_at = now() - interval '29 days' where type <> 'stream.updated'");
    try (Statement statement = control.createStatement();
        var pruned = statement.executeQuery("select prune_events()")) {
      pruned.next();
      assertThat(pruned.getLong(1)).isEqualTo(1);
    }
    assertThat(types(reader.readAfter(control, EventPosition.START, 10)))
        .containsExactly("destination.updated");
  }
}
