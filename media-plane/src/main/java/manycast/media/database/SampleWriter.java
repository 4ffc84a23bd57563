package manycast.media.database;

import io.netty.channel.EventLoop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Broadcasts;
import manycast.media.relay.RelayReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down every ten seconds what is measured of each broadcast: a row for its ingest and one
 * for each destination, all of the node's in one statement. A sample that cannot be written is
 * lost, as the next one comes soon. Owns one thread.
 */
public final class SampleWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SampleWriter.class);
  private static final int EVERY_MS = 10_000;

  /** A loop that has not told its figures by then has no sample this time. */
  private static final int LOOP_ANSWER_MS = 2_000;

  /** Partitions are made a day ahead; looking every hour is more than enough. */
  private static final int KEEP_PARTITIONS_EVERY = 3_600_000 / EVERY_MS;

  /** So many rows go in one statement: about a megabyte. */
  private static final int MOST_ROWS = 2_000;

  /** A row that has no partition; Postgres appendix A calls it a violated check. */
  private static final String NO_PARTITION = "23514";

  private final Database database;
  private final Broadcasts broadcasts;
  private final Function<Broadcast, List<RelayReport>> relays;
  private final Node node;
  private final Thread thread;
  private long rounds;

  /** How the node itself is. */
  public interface Node {
    /** Share of the last second in which this loop used a processor, 0 to 1. */
    double busy(EventLoop loop);

    /** How often a loop hung since the node started. */
    long timesBlocked();

    /** Share of the bound of media bytes that is held, 0 to 1. */
    double memoryShare();
  }

  /**
   * A writer that begins at once.
   *
   * @param relays tells the destinations of a broadcast; asked on its loop
   */
  public SampleWriter(
      Database database,
      Broadcasts broadcasts,
      Function<Broadcast, List<RelayReport>> relays,
      Node node) {
    this.database = database;
    this.broadcasts = broadcasts;
    this.relays = relays;
    this.node = node;
    this.thread = Thread.ofPlatform().daemon().name("sample-writer").start(this::run);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(EVERY_MS);
        takeSample();
      } catch (InterruptedException closing) {
        return;
      } catch (RuntimeException e) {
        LOG.error("no sample was taken", e);
      }
    }
  }

  /** Measures and writes once, now; blocks. */
  public void takeSample() throws InterruptedException {
    boolean keep = rounds++ % KEEP_PARTITIONS_EVERY == 0;
    List<SampleRow> rows = measure();
    if (rows.isEmpty() && !keep) {
      return;
    }
    try {
      database.call(connection -> write(connection, rows, keep));
    } catch (SQLException e) {
      LOG.debug("a sample is lost: {}", e.getMessage());
    }
  }

  private boolean write(Connection connection, List<SampleRow> rows, boolean keep)
      throws SQLException {
    if (keep) {
      keepPartitions(connection);
    }
    for (int from = 0; from < rows.size(); from += MOST_ROWS) {
      List<SampleRow> part = rows.subList(from, Math.min(rows.size(), from + MOST_ROWS));
      try {
        SampleRow.insert(connection, part);
      } catch (SQLException e) {
        if (!NO_PARTITION.equals(e.getSQLState())) {
          throw e;
        }
        keepPartitions(connection);
        SampleRow.insert(connection, part);
      }
    }
    return true;
  }

  private static void keepPartitions(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select keep_sample_partitions()");
    }
  }

  /** Each broadcast on its own loop; those that ended meanwhile are left out. */
  private List<SampleRow> measure() throws InterruptedException {
    List<CompletableFuture<List<SampleRow>>> answers = new ArrayList<>();
    for (Broadcast broadcast : broadcasts.live()) {
      try {
        answers.add(CompletableFuture.supplyAsync(() -> rows(broadcast), broadcast.loop()));
      } catch (RejectedExecutionException closing) {
        return List.of();
      }
    }
    long until = Broadcast.nowMs() + LOOP_ANSWER_MS;
    List<SampleRow> rows = new ArrayList<>();
    for (CompletableFuture<List<SampleRow>> answer : answers) {
      try {
        rows.addAll(answer.get(Math.max(0, until - Broadcast.nowMs()), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        LOG.debug("a loop has not told its figures");
      } catch (ExecutionException e) {
        LOG.error("a broadcast could not tell its figures", e.getCause());
      }
    }
    return rows;
  }

  private List<SampleRow> rows(Broadcast broadcast) {
    if (broadcast.endReason() != null) {
      return List.of();
    }
    List<SampleRow> rows = new ArrayList<>();
    rows.add(SampleRow.ofIngest(broadcast, node));
    for (RelayReport report : relays.apply(broadcast)) {
      rows.add(SampleRow.ofDestination(report));
    }
    return rows;
  }
}
