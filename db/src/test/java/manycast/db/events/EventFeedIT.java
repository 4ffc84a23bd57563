package manycast.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventFeedIT {
  private static final List<String> CONFIG = List.of("manycast_config");

  private final TestDatabase database = TestDatabase.create();
  private final Recorder recorder = new Recorder();
  private final Connection control = database.control();

  EventFeedIT() throws SQLException {}

  @AfterEach
  void close() throws SQLException {
    control.close();
    database.close();
  }

  private EventFeed feed(List<String> channels) {
    return new EventFeed(connector(database), channels, recorder);
  }

  private static Connector connector(TestDatabase database) {
    return Connector.to(database.url(), TestDatabase.MEDIA, database.mediaPassword(), "feed");
  }

  private void emit(String type, int number) throws SQLException {
    emit(control, type, number);
  }

  private static void emit(Connection connection, String type, int number) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "select emit_event('%s', null, null, null, null, null, '%d')".formatted(type, number));
    }
  }

  private static void cut(TestDatabase database) {
    database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'feed'"
            + " and datname = current_database()");
  }

  @Test
  void beginsNowAndTellsWithinMoments() throws Exception {
    emit("stream.updated", 0);
    try (EventFeed _ = feed(CONFIG)) {
      recorder.await("connected", r -> r.connections() == 1);
      assertThat(recorder.lastConnection()).isEqualTo(new EventReader().head(control));
      Instant before = Instant.now();
      emit("stream.updated", 1);
      recorder.await("the event", r -> !r.events().isEmpty());
      assertThat(Duration.between(before, Instant.now()))
          .as("by notification, not by the poll of 2 s")
          .isLessThan(Duration.ofSeconds(1));
      assertThat(recorder.data()).containsExactly("1");
    }
  }

  @Test
  void tellsOnlyOfItsChannels() throws Exception {
    try (EventFeed _ = feed(List.of("manycast_node", "manycast_config"))) {
      recorder.await("connected", r -> r.connections() == 1);
      emit("usage.limit_reached", 1);
      emit("node.updated", 2);
      emit("stream.updated", 3);
      recorder.await("two events", r -> r.events().size() == 2);
      assertThat(recorder.data()).containsExactly("2", "3");
    }
  }

  @Test
  void goesOnWhereItStoodWhenItsConnectionIsCut() throws Exception {
    try (EventFeed _ = feed(CONFIG)) {
      recorder.await("connected", r -> r.connections() == 1);
      emit("stream.updated", 1);
      recorder.await("the first", r -> r.events().size() == 1);
      EventPosition first = recorder.events().getFirst().position();
      cut(database);
      emit("stream.updated", 2);
      recorder.await("the second", r -> r.events().size() == 2);
      assertThat(recorder.data()).containsExactly("1", "2");
      assertThat(recorder.losses()).isPositive();
      assertThat(recorder.lastConnection()).isEqualTo(first);
    }
  }

  @Test
  void readsAnEventWhoseNotificationNeverCame() throws Exception {
    database.execute("alter table event disable trigger event_notify");
    try (EventFeed _ = feed(CONFIG)) {
      recorder.await("connected", r -> r.connections() == 1);
      emit("stream.updated", 1);
      recorder.await("the poll", r -> r.events().size() == 1);
    }
  }

  @Test
  void tellsSoonAfterTheTransactionEndsThatWasInTheWay() throws Exception {
    try (EventFeed _ = feed(CONFIG);
        Connection slow = database.control()) {
      recorder.await("connected", r -> r.connections() == 1);
      slow.setAutoCommit(false);
      emit(slow, "stream.updated", 1);
      emit("stream.updated", 2);
      // Longer than the poll: what is waited for must be found by looking again.
      Thread.sleep(2500);
      assertThat(recorder.data()).isEmpty();
      slow.rollback();
      Instant before = Instant.now();
      recorder.await("the event", r -> r.events().size() == 1);
      assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(1));
      assertThat(recorder.data()).containsExactly("2");
    }
  }

  @Test
  void connectsAgainWhenItsListenerFails() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch reconciled = new CountDownLatch(2);
    EventListener failing =
        new EventListener() {
          @Override
          public void connected(EventPosition from) {
            reconciled.countDown();
            recorder.connected(from);
          }

          @Override
          public void events(List<Event> events) {
            if (calls.incrementAndGet() == 1) {
              throw new IllegalStateException("planted");
            }
            recorder.events(events);
          }

          @Override
          public void disconnected(Exception why) {
            recorder.disconnected(why);
          }
        };
    try (EventFeed _ = new EventFeed(connector(database), CONFIG, failing)) {
      recorder.await("connected", r -> r.connections() == 1);
      emit("stream.updated", 1);
      recorder.await("connected again", r -> r.connections() == 2);
      emit("stream.updated", 2);
      recorder.await("the second", r -> r.events().size() == 1);
      assertThat(recorder.data()).containsExactly("2");
    }
  }

  @Test
  void startsOverWhenTheLogIsAnotherServers() throws Exception {
    try (EventFeed _ = feed(CONFIG)) {
      recorder.await("connected", r -> r.connections() == 1);
      emit("stream.updated", 1);
      recorder.await("the first", r -> r.events().size() == 1);
      database.execute("update event set xact = '1'");
      cut(database);
      recorder.await("connected again", r -> r.connections() == 2);
      assertThat(recorder.lastConnection().xact()).isEqualTo(1);
      emit("stream.updated", 2);
      recorder.await("the second", r -> r.events().size() == 2);
    }
  }

  @Test
  void comesBackByItselfWhenTheServerDoes() throws Exception {
    try (TestDatabase alone = TestDatabase.createAlone()) {
      try (EventFeed _ = new EventFeed(connector(alone), CONFIG, recorder)) {
        recorder.await("connected", r -> r.connections() == 1);
        alone.kill();
        recorder.await("lost", r -> r.losses() > 0);
        alone.start();
        try (Connection connection = alone.control()) {
          emit(connection, "stream.updated", 1);
        }
        recorder.await("the event", r -> r.events().size() == 1);
      }
    }
  }

  @Test
  void endsWhileItWaitsForEventsAndWhileNobodyAnswers() throws Exception {
    List<EventFeed> feeds = new ArrayList<>();
    feeds.add(feed(CONFIG));
    recorder.await("connected", r -> r.connections() == 1);
    Connector nobody =
        Connector.to("jdbc:postgresql://127.0.0.1:1/x", TestDatabase.MEDIA, "x", "feed");
    Recorder lonely = new Recorder();
    feeds.add(new EventFeed(nobody, CONFIG, lonely));
    lonely.await("a failed attempt", r -> r.losses() > 1);
    for (EventFeed feed : feeds) {
      Instant before = Instant.now();
      feed.close();
      assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }
    int losses = lonely.losses();
    assertThat(recorder.losses()).as("an end that was asked for is no loss").isZero();
    assertThat(lonely.losses()).isEqualTo(losses);
  }
}
