package manycast.media.database;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastListener;
import manycast.media.broadcast.EndReason;
import manycast.media.relay.RelayJournal;
import manycast.media.relay.RelayReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what happens, in the order in which it last changed. Of each subject only the latest
 * is kept, so that what waits for an absent database cannot overflow. Every write names its epoch;
 * one that finds another owner there says so. Owns one thread.
 */
public final class StateWriter implements RelayJournal, BroadcastListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateWriter.class);
  private static final int FIRST_PAUSE_MS = 100;
  private static final int LONGEST_PAUSE_MS = 1_000;
  private static final int DESCRIBE_AFTER_MS = 1_500;

  private final Database database;
  private final BiConsumer<UUID, Long> ownershipLost;
  private final Map<Subject, Write> pending = new LinkedHashMap<>();
  private final Set<UUID> claiming = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private boolean writing;
  private boolean closed;

  /** What a write is about. */
  private sealed interface Subject {
    record OfRelay(UUID broadcastId, UUID destinationId) implements Subject {}

    record Description(UUID broadcastId) implements Subject {}

    record End(UUID broadcastId) implements Subject {}
  }

  /** A write that answers whether this node still owns the broadcast. */
  private record Write(
      BroadcastClaim claim, @Nullable RelayReport report, StateStatements.Statement statement) {}

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
    Subject subject = new Subject.OfRelay(report.claim().broadcastId(), report.destination().id());
    synchronized (pending) {
      Write waiting = pending.get(subject);
      RelayReport older = waiting == null ? null : waiting.report();
      RelayReport kept =
          report.event() == null && older != null ? report.withEvent(older.event()) : report;
      put(
          subject,
          new Write(report.claim(), kept, connection -> StateStatements.relay(connection, kept)));
    }
  }

  @Override
  public void opened(Broadcast broadcast) {
    broadcast.loop().schedule(() -> describe(broadcast), DESCRIBE_AFTER_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void ended(Broadcast broadcast, EndReason reason) {
    if (reason != EndReason.NODE_LOST) {
      describe(broadcast);
      end(broadcast.claim(), reason);
    }
  }

  /** Writes that a broadcast is over. */
  void end(BroadcastClaim claim, EndReason reason) {
    synchronized (pending) {
      put(
          new Subject.End(claim.broadcastId()),
          new Write(claim, null, connection -> StateStatements.end(connection, claim, reason)));
    }
  }

  /** A broadcast of this id may appear in the database before anything here knows of it. */
  void claimBegins(UUID broadcastId) {
    claiming.add(broadcastId);
  }

  void claimEnds(UUID broadcastId) {
    claiming.remove(broadcastId);
  }

  /** Whether something of this broadcast is still to be written, or it is just being claimed. */
  boolean knows(UUID broadcastId) {
    synchronized (pending) {
      return claiming.contains(broadcastId) || pending.containsKey(new Subject.End(broadcastId));
    }
  }

  /** Waits until everything is written, or the time is over; answers whether it is. */
  public boolean flush(long timeoutMs) {
    long until = Broadcast.nowMs() + timeoutMs;
    synchronized (pending) {
      while (!pending.isEmpty() || writing) {
        long left = until - Broadcast.nowMs();
        if (left <= 0) {
          return false;
        }
        try {
          pending.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  @Override
  public void close() {
    synchronized (pending) {
      closed = true;
      pending.notifyAll();
    }
    thread.interrupt();
  }

  private void describe(Broadcast broadcast) {
    StateStatements.Description description = StateStatements.describe(broadcast.ingest());
    BroadcastClaim claim = broadcast.claim();
    synchronized (pending) {
      put(
          new Subject.Description(claim.broadcastId()),
          new Write(
              claim,
              null,
              connection -> StateStatements.description(connection, claim, description)));
    }
  }

  /** The caller holds the lock. */
  private void put(Subject subject, Write write) {
    pending.remove(subject);
    pending.put(subject, write);
    pending.notifyAll();
  }

  private void run() {
    int pauseMs = FIRST_PAUSE_MS;
    while (true) {
      Map.Entry<Subject, Write> next = take();
      if (next == null) {
        return;
      }
      if (write(next.getValue())) {
        pauseMs = FIRST_PAUSE_MS;
        written(null);
      } else {
        written(next);
        try {
          Thread.sleep(pauseMs);
        } catch (InterruptedException closing) {
          return;
        }
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      }
    }
  }

  private Map.@Nullable Entry<Subject, Write> take() {
    synchronized (pending) {
      while (pending.isEmpty() && !closed) {
        try {
          pending.wait();
        } catch (InterruptedException closing) {
          return null;
        }
      }
      if (closed) {
        return null;
      }
      Map.Entry<Subject, Write> first = pending.entrySet().iterator().next();
      pending.remove(first.getKey());
      writing = true;
      return first;
    }
  }

  /**
   * Ends an attempt; what could not be written goes back to the front, unless something newer has
   * come meanwhile.
   */
  private void written(Map.@Nullable Entry<Subject, Write> again) {
    synchronized (pending) {
      writing = false;
      if (again != null && !pending.containsKey(again.getKey())) {
        Map<Subject, Write> behind = new LinkedHashMap<>(pending);
        pending.clear();
        pending.put(again.getKey(), again.getValue());
        pending.putAll(behind);
      }
      pending.notifyAll();
    }
  }

  /** Answers false when it is to be tried again. */
  private boolean write(Write write) {
    try {
      boolean ours = database.transact(write.statement()::run);
      if (!ours) {
        ownershipLost.accept(write.claim().broadcastId(), write.claim().epoch());
      }
      return true;
    } catch (SQLException e) {
      if (isPassing(e)) {
        LOG.debug("waiting for the database: {}", e.getMessage());
        return false;
      }
      LOG.error("a state of broadcast {} cannot be written", write.claim().broadcastId(), e);
      return true;
    } catch (RuntimeException e) {
      LOG.error("a state of broadcast {} cannot be written", write.claim().broadcastId(), e);
      return true;
    }
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
