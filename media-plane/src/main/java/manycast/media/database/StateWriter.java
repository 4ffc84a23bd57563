package manycast.media.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastListener;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.IngestFigures;
import manycast.media.database.PendingWrites.Write;
import manycast.media.relay.RelayJournal;
import manycast.media.relay.RelayReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what happens, the urgent first and figures in batches. Of each subject only the
 * latest is kept, so that what waits for an absent database cannot overflow. Every write names its
 * epoch; one that finds another owner there says so. Owns one thread.
 */
public final class StateWriter implements RelayJournal, BroadcastListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateWriter.class);
  private static final int FIRST_PAUSE_MS = 100;
  private static final int LONGEST_PAUSE_MS = 1_000;
  private static final int DESCRIBE_AFTER_MS = 1_500;
  private static final String INTERRUPTED = "broadcast.interrupted";
  private static final String RESUMED = "broadcast.resumed";

  private final Database database;
  private final BiConsumer<UUID, Long> ownershipLost;
  private final PendingWrites pending = new PendingWrites();
  private final Set<UUID> claiming = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  /**
   * A writer whose thread runs already.
   *
   * @param ownershipLost hears of broadcasts, with our epoch, that are not ours any more
   */
  public StateWriter(Database database, BiConsumer<UUID, Long> ownershipLost) {
    this.database = database;
    this.ownershipLost = ownershipLost;
    this.thread = Thread.ofPlatform().name("state-writer").start(this::run);
  }

  @Override
  public void record(RelayReport report) {
    pending.add(new Write.OfRelay(report));
  }

  @Override
  public void opened(Broadcast broadcast) {
    broadcast.loop().schedule(() -> describe(broadcast), DESCRIBE_AFTER_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void interrupted(Broadcast broadcast) {
    life(broadcast, List.of(INTERRUPTED));
  }

  @Override
  public void extended(Broadcast broadcast) {
    life(broadcast, List.of());
  }

  @Override
  public void resumed(Broadcast broadcast) {
    life(broadcast, List.of(RESUMED));
  }

  private void life(Broadcast broadcast, List<String> events) {
    IngestFigures figures = broadcast.ingest();
    pending.add(
        new Write.Life(
            broadcast.claim(),
            broadcast.resumeUntil(),
            figures.protocol(),
            figures.remoteAddress(),
            figures.encoder(),
            events));
  }

  @Override
  public void ended(Broadcast broadcast, EndReason reason) {
    switch (reason) {
      case NODE_LOST -> {}
      case HANDED_OVER -> describe(broadcast);
      default -> {
        describe(broadcast);
        end(broadcast.claim(), reason);
      }
    }
  }

  @Override
  public void gone(Broadcast broadcast) {
    if (broadcast.endReason() == EndReason.HANDED_OVER) {
      release(broadcast.claim());
    }
  }

  /** Writes that a broadcast is over, unless that is about to be written already. */
  void end(BroadcastClaim claim, EndReason reason) {
    pending.add(new Write.End(claim, reason));
  }

  /** Writes, behind all else, that whoever its encoder comes to may go on with a broadcast. */
  void release(BroadcastClaim claim) {
    pending.add(new Write.Release(claim));
  }

  /** Waits until no end of a broadcast waits to be written, or the time is over. */
  void awaitEnds(long timeoutMs) {
    pending.awaitNoEnds(timeoutMs);
  }

  /** A broadcast of this id may appear in the database before anything here knows of it. */
  void claimBegins(UUID broadcastId) {
    claiming.add(broadcastId);
  }

  void claimEnds(UUID broadcastId) {
    claiming.remove(broadcastId);
  }

  /**
   * Whether this broadcast's end, or that we let go of it, is still to be written, or it is just
   * being claimed.
   */
  boolean knows(UUID broadcastId) {
    return claiming.contains(broadcastId) || pending.isEnding(broadcastId);
  }

  /** Waits until everything is written, or the time is over; answers whether it is. */
  public boolean flush(long timeoutMs) {
    return pending.awaitEmpty(timeoutMs);
  }

  @Override
  public void close() {
    pending.close();
    thread.interrupt();
  }

  private void describe(Broadcast broadcast) {
    pending.add(
        new Write.Description(broadcast.claim(), StateStatements.describe(broadcast.ingest())));
  }

  private void run() {
    int pauseMs = FIRST_PAUSE_MS;
    try {
      for (List<Write> batch = pending.take(); !batch.isEmpty(); batch = pending.take()) {
        List<Write> again = write(batch);
        pending.done(again);
        if (again.isEmpty()) {
          pauseMs = FIRST_PAUSE_MS;
        } else {
          Thread.sleep(pauseMs);
          pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
        }
      }
    } catch (InterruptedException closing) {
      // What is left cannot be written any more.
    }
  }

  /**
   * Writes in one transaction, or where something in it is wrong each by itself; answers what is to
   * be tried again.
   */
  private List<Write> write(List<Write> batch) {
    try {
      database
          .transact(connection -> StateStatements.write(connection, batch))
          .forEach(this::tellLost);
      return List.of();
    } catch (SQLException e) {
      if (isPassing(e)) {
        LOG.debug("waiting for the database: {}", e.getMessage());
        return batch;
      }
      return giveUpOrPart(batch, e);
    } catch (RuntimeException e) {
      return giveUpOrPart(batch, e);
    }
  }

  private List<Write> giveUpOrPart(List<Write> batch, Exception fault) {
    if (batch.size() == 1) {
      LOG.error(
          "a state of broadcast {} cannot be written",
          batch.getFirst().claim().broadcastId(),
          fault);
      return List.of();
    }
    List<Write> again = new ArrayList<>();
    for (Write write : batch) {
      again.addAll(write(List.of(write)));
    }
    return again;
  }

  private void tellLost(Write write) {
    ownershipLost.accept(write.claim().broadcastId(), write.claim().epoch());
  }

  /**
   * Connection lost, server stopping, overloaded or in conflict: not what we wrote is wrong
   * (SQL:2016 §24, Postgres appendix A).
   */
  private static boolean isPassing(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("40")
        || state.startsWith("25");
  }
}
