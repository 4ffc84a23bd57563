package manycast.media.database;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import manycast.db.keys.MediaKeys;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastState;
import manycast.media.broadcast.EndReason;
import manycast.media.ingest.PublishAuthority;
import manycast.media.owner.Heard;
import manycast.media.owner.Inquiry;
import manycast.media.owner.Owner;
import manycast.media.owner.Owners;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits publishers by the database's one claiming function, and asks the node that has a broadcast
 * before it is claimed from there. Ends the claims that come too late to be used.
 */
public final class PublishClaims implements PublishAuthority {
  private static final Logger LOG = LoggerFactory.getLogger(PublishClaims.class);
  private static final TimeOrderedEpochFactory IDS = new TimeOrderedEpochFactory();
  private static final int DEADLINE_MS = 4_500;

  /** An encoder that comes while the node starts is not sent away. */
  private static final int START_MS = 3_000;

  /** An encoder that said goodbye and comes again is not to find its own last broadcast. */
  private static final int LAST_END_MS = 1_000;

  /** An owner that lets go sends no more than what a slow destination has not taken yet. */
  private static final int RELEASE_MS = 1_000;

  private static final int RELEASE_LOOK_MS = 50;
  private static final long NO_EPOCH = 0;

  private final Database database;
  private final MediaKeys keys;
  private final String nodeId;
  private final StateWriter writer;
  private final ScheduledExecutorService timer;
  private final CountDownLatch started;
  private final Duration grace;
  private final Owners owners;

  /**
   * Claims for this node; {@code timer} runs short tasks only.
   *
   * @param started at zero once it is known whether this node is ready; claims wait for it
   * @param grace how long a lost encoder is waited for where its stream says nothing else
   * @param owners asks the nodes that have what is claimed
   */
  public PublishClaims(
      Database database,
      MediaKeys keys,
      String nodeId,
      StateWriter writer,
      ScheduledExecutorService timer,
      CountDownLatch started,
      Duration grace,
      Owners owners) {
    this.database = database;
    this.keys = keys;
    this.nodeId = nodeId;
    this.writer = writer;
    this.timer = timer;
    this.started = started;
    this.grace = grace;
    this.owners = owners;
  }

  @Override
  public void claim(Request request, BooleanSupplier waits, Consumer<Answer> then) {
    Claim claim = new Claim(request, waits, then);
    writer.claimBegins(claim.broadcastId);
    timer.schedule(claim::late, DEADLINE_MS, TimeUnit.MILLISECONDS);
    database.execute(claim::run);
  }

  @Override
  public void abandon(Answer.Claimed claimed) {
    if (claimed.resumed()) {
      writer.release(claimed.claim());
    } else {
      writer.end(claimed.claim(), EndReason.ENCODER_LOST);
    }
  }

  @Override
  public String digest(String key) {
    return HexFormat.of().formatHex(keys.streamKeyHmac(key));
  }

  private Answer refused(Reason reason, Request request, @Nullable UUID streamId) {
    return new Answer.Refused(reason, keys.fingerprint(request.key()), streamId);
  }

  /** One encoder's claim, on a thread of its own but for the deadline. */
  private final class Claim {
    private final Request request;
    private final BooleanSupplier waits;
    private final Consumer<Answer> then;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final UUID broadcastId = IDS.create();
    private volatile boolean asksOwner;

    Claim(Request request, BooleanSupplier waits, Consumer<Answer> then) {
      this.request = request;
      this.waits = waits;
      this.then = then;
    }

    void late() {
      if (asksOwner) {
        asksOwner = false;
        timer.schedule(this::late, DEADLINE_MS, TimeUnit.MILLISECONDS);
      } else if (answered.compareAndSet(false, true)) {
        then.accept(refused(Reason.DATABASE_AWAY, request, null));
      }
    }

    void run() {
      try {
        Answer answer = answer();
        if (answered.compareAndSet(false, true)) {
          then.accept(answer);
        } else if (answer instanceof Answer.Claimed claimed) {
          abandon(claimed);
        }
      } finally {
        writer.claimEnds(broadcastId);
      }
    }

    private Answer answer() {
      try {
        // After that time the database itself answers that the node is not ready.
        started.await(START_MS, TimeUnit.MILLISECONDS);
        writer.awaitEnds(LAST_END_MS);
        return switch (ask(Heard.NOTHING, NO_EPOCH)) {
          case Outcome.Final(Answer answer) -> answer;
          case Outcome.Owned(Owner owner) -> askUntilDecided(owner);
        };
      } catch (SQLException e) {
        LOG.warn(
            "a publish from {} cannot be checked: {}",
            request.remoteAddress().getHostAddress(),
            e.getMessage());
        return refused(Reason.DATABASE_AWAY, request, null);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return refused(Reason.NOT_READY, request, null);
      }
    }

    /**
     * Another node has the broadcast: whether it may be taken from there is for that node to say.
     */
    private Answer askUntilDecided(Owner first) throws SQLException, InterruptedException {
      asksOwner = true;
      Inquiry inquiry = new Inquiry(nowMs());
      Owner owner = first;
      while (waits.getAsBoolean()) {
        Inquiry.Step step = inquiry.on(owner, owners.publisher(owner), nowMs());
        if (step instanceof Inquiry.Step.Release && waits.getAsBoolean()) {
          step =
              owners.release(owner)
                  ? new Inquiry.Step.Claim(awaitRelease(owner))
                  : inquiry.refusedToRelease(nowMs());
        }
        Heard heard = Heard.NOTHING;
        switch (step) {
          case Inquiry.Step.Claim(Heard said) -> heard = said;
          case Inquiry.Step.Wait(long ms) -> Thread.sleep(ms);
          case Inquiry.Step.Release _ -> {
            // The encoder has left.
          }
        }
        switch (ask(heard, owner.epoch())) {
          case Outcome.Final(Answer answer) -> {
            return answer;
          }
          case Outcome.Owned(Owner now) -> owner = now;
        }
        Thread.sleep(inquiry.pauseAfter(heard));
      }
      return refused(Reason.IN_USE, request, first.streamId());
    }

    /** What the owner still sends to its destinations is to be out before they are dialled anew. */
    private Heard awaitRelease(Owner owner) throws SQLException, InterruptedException {
      long untilMs = nowMs() + RELEASE_MS;
      while (nowMs() < untilMs && !database.call(connection -> isReleased(connection, owner))) {
        Thread.sleep(RELEASE_LOOK_MS);
      }
      return Heard.RELEASED;
    }

    private Outcome ask(Heard heard, long epoch) throws SQLException {
      return database.call(connection -> call(connection, request, broadcastId, heard, epoch));
    }
  }

  /** What the claiming function answered. */
  private sealed interface Outcome {
    record Final(Answer answer) implements Outcome {}

    /** Another node has it, and has to be asked. */
    record Owned(Owner owner) implements Outcome {}
  }

  private static long nowMs() {
    return Broadcast.nowMs();
  }

  private static boolean isReleased(Connection connection, Owner owner) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select from broadcast where stream_id = ? and epoch = ? and state <> 'ended' and not released")) {
      statement.setObject(1, owner.streamId());
      statement.setLong(2, owner.epoch());
      try (ResultSet row = statement.executeQuery()) {
        return !row.next();
      }
    }
  }

  private Outcome call(
      Connection connection, Request request, UUID broadcastId, Heard heard, long heardEpoch)
      throws SQLException {
    String sql =
        "select outcome, broadcast_id, epoch, stream_id, account_id, stream_name, resumed, owner_id, owner_url, owner_state"
            + " from claim_broadcast(?, ?, ?, ?, ?::inet, ?, ?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, keys.streamKeyHmac(request.key()));
      statement.setObject(2, broadcastId);
      statement.setString(3, nodeId);
      statement.setString(4, request.protocol());
      statement.setString(
          5, StateStatements.withoutScope(request.remoteAddress().getHostAddress()));
      statement.setString(6, request.encoder().isEmpty() ? null : request.encoder());
      statement.setInt(7, (int) grace.toSeconds());
      statement.setString(8, heard.word());
      statement.setLong(9, heardEpoch);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("claim_broadcast answered nothing");
        }
        String outcome = row.getString("outcome");
        return switch (outcome) {
          case "claimed" ->
              new Outcome.Final(new Answer.Claimed(claim(row), row.getBoolean("resumed")));
          case "owned" -> new Outcome.Owned(owner(row));
          default ->
              new Outcome.Final(
                  refused(reason(outcome), request, row.getObject("stream_id", UUID.class)));
        };
      }
    }
  }

  private static BroadcastClaim claim(ResultSet row) throws SQLException {
    return new BroadcastClaim(
        row.getObject("broadcast_id", UUID.class),
        row.getLong("epoch"),
        row.getObject("stream_id", UUID.class),
        row.getObject("account_id", UUID.class),
        row.getString("stream_name"));
  }

  private static Owner owner(ResultSet row) throws SQLException {
    return new Owner(
        row.getString("owner_id"),
        row.getString("owner_url"),
        row.getObject("stream_id", UUID.class),
        row.getLong("epoch"),
        row.getString("owner_state").equals(BroadcastState.RESUMING.word()));
  }

  private static Reason reason(String outcome) throws SQLException {
    return switch (outcome) {
      case "unknown_key" -> Reason.UNKNOWN_KEY;
      case "retired_key" -> Reason.RETIRED_KEY;
      case "disabled" -> Reason.DISABLED;
      case "stopped" -> Reason.STOPPED;
      case "in_use" -> Reason.IN_USE;
      case "node_not_ready" -> Reason.NOT_READY;
      default -> throw new SQLException("claim_broadcast answered " + outcome);
    };
  }
}
