package manycast.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
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
