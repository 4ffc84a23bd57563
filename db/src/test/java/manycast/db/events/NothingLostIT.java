package manycast.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/**
 * Eight writers at once, a third of whose transactions are rolled back, transactions whose {@code
 * seq} and xid disagree, one held open for 3 s, and the listening connection cut at random: every
 * committed event comes once and in order. A reader that orders by {@code seq} alone goes through
 * the same and must lose events, or this test proves nothing.
 */
class NothingLostIT {
  private static final int WRITERS = 8;
  private static final int TRANSACTIONS = 120;
  private static final int SLOW_WRITER = WRITERS;
  private static final long SEED = 20260301;

  private final TestDatabase database = TestDatabase.create();
  private final ConcurrentLinkedQueue<String> committed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean writing = new AtomicBoolean(true);

  @Test
  void everyCommittedEventComesOnceAndInOrderAndTheReaderBySeqLosesSome() throws Exception {
    Recorder recorder = new Recorder();
    Connector connector =
        Connector.to(database.url(), TestDatabase.MEDIA, database.mediaPassword(), "feed");
    try (database;
        ExecutorService threads = Executors.newCachedThreadPool();
        EventFeed _ = new EventFeed(connector, List.of("manycast_config"), recorder)) {
      recorder.await("connected", r -> r.connections() == 1);
      Future<Integer> cuts = threads.submit(this::cutAtRandom);
      Future<List<String>> bySeq = threads.submit(this::readBySeq);
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(threads.submit(() -> write(writer)));
      }
      writers.add(threads.submit(this::writeOneForThreeSeconds));
      for (Future<?> writer : writers) {
        writer.get();
      }
      writing.set(false);

      recorder.await("all that was committed", r -> r.events().size() >= committed.size());
      assertThat(cuts.get()).as("connections cut").isPositive();
      assertThat(recorder.connections()).isGreaterThan(1);
      List<Event> received = recorder.events();
      assertThat(received.stream().map(Event::dataJson))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(committed);
      assertThat(received.stream().map(Event::position).toList()).isSorted();
      assertDisagreement(received);
      assertEachWritersOrder(received);
      assertThat(missing(bySeq.get())).as("events that a reader by seq alone loses").isNotEmpty();
    }
  }

  /**
   * Sequence numbers taken before a transaction's id is, by way of many statements and pauses in
   * between.
   */
  private Void write(int writer) throws SQLException, InterruptedException {
    Random random = new Random(SEED + writer);
    try (Connection connection = database.control()) {
      connection.setAutoCommit(false);
      for (int number = 0; number < TRANSACTIONS; number++) {
        List<String> written = new ArrayList<>();
        if (random.nextInt(4) == 0) {
          // Takes the transaction's id now, and the sequence numbers later than others who begin
          // after it.
          try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_current_xact_id()");
          }
          Thread.sleep(random.nextInt(8));
        }
        int events = 1 + random.nextInt(3);
        for (int i = 0; i < events; i++) {
          written.add(emit(connection, writer, number * 10 + i));
        }
        Thread.sleep(random.nextInt(4));
        if (random.nextInt(3) == 0) {
          connection.rollback();
        } else {
          connection.commit();
          committed.addAll(written);
        }
      }
    }
    return null;
  }

  private Void writeOneForThreeSeconds() throws SQLException, InterruptedException {
    try (Connection connection = database.control()) {
      connection.setAutoCommit(false);
      String written = emit(connection, SLOW_WRITER, 0);
      Thread.sleep(3000);
      connection.commit();
      committed.add(written);
    }
    return null;
  }

  private static String emit(Connection connection, int writer, int number) throws SQLException {
    String data = "[%d, %d]".formatted(writer, number);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select emit_event('stream.updated', null, null, null, null, null, ?::jsonb)")) {
      statement.setString(1, data);
      statement.execute();
    }
    return data;
  }

  private int cutAtRandom() throws SQLException, InterruptedException {
    Random random = new Random(SEED);
    int cuts = 0;
    try (Connection owner = database.owner();
        Statement statement = owner.createStatement()) {
      while (writing.get()) {
        Thread.sleep(100 + random.nextInt(500));
        try (ResultSet row =
            statement.executeQuery(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where application_name = 'feed' and datname = current_database()
                """)) {
          row.next();
          cuts += row.getInt(1);
        }
      }
    }
    return cuts;
  }

  /** The planted fault: reads what is visible, and remembers the highest seq. */
  private List<String> readBySeq() throws SQLException, InterruptedException {
    List<String> read = new ArrayList<>();
    long position = 0;
    boolean last = false;
    try (Connection connection = database.media();
        PreparedStatement statement =
            connection.prepareStatement(
                "select seq, data::text from event where seq > ? order by seq")) {
      while (!last) {
        last = !writing.get();
        statement.setLong(1, position);
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            position = row.getLong(1);
            read.add(row.getString(2));
          }
        }
        Thread.sleep(5);
      }
    }
    return read;
  }

  private List<String> missing(List<String> read) {
    List<String> missing = new ArrayList<>(committed);
    missing.removeAll(read);
    return missing;
  }

  private static void assertDisagreement(List<Event> received) {
    List<Long> seqs = received.stream().map(event -> event.position().seq()).toList();
    List<Long> sorted = new ArrayList<>(seqs);
    Collections.sort(sorted);
    assertThat(seqs).as("seq and xid disagree in this run").isNotEqualTo(sorted);
  }

  private static void assertEachWritersOrder(List<Event> received) {
    var ofWriter =
        received.stream()
            .map(event -> event.dataJson().replaceAll("[\\[\\] ]", "").split(","))
            .collect(
                Collectors.groupingBy(
                    parts -> parts[0],
                    Collectors.mapping(parts -> Integer.parseInt(parts[1]), Collectors.toList())));
    assertThat(ofWriter).hasSize(WRITERS + 1);
    ofWriter.values().forEach(numbers -> assertThat(numbers).isSorted());
  }
}
