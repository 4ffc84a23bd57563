package manycast.media.database;

import com.github.f4b6a3.uuid.UuidCreator;
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
import java.util.function.Consumer;
import manycast.db.keys.MediaKeys;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.EndReason;
import manycast.media.ingest.PublishAuthority;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits publishers by the database's one claiming function, which also ends the claims that come
 * too late to be used.
 */
public final class PublishClaims implements PublishAuthority {
  private static final Logger LOG = LoggerFactory.getLogger(PublishClaims.class);
  private static final int DEADLINE_MS = 4_500;

  /** An encoder that comes while the node starts is not sent away. */
  private static final int START_MS = 3_000;

  /** An encoder that said goodbye and comes again is not to find its own last broadcast. */
  private static final int LAST_END_MS = 1_000;

  private final Database database;
  private final MediaKeys keys;
  private final String nodeId;
  private final StateWriter writer;
  private final ScheduledExecutorService timer;
  private final CountDownLatch started;
  private final Duration grace;

  /**
   * Claims for this node; {@code timer} runs short tasks only.
   *
   * @param started at zero once it is known whether this node is ready; claims wait for it
   * @param grace how long a lost encoder is waited for where its stream says nothing else
   */
  public PublishClaims(
      Database database,
      MediaKeys keys,
      String nodeId,
      StateWriter writer,
      ScheduledExecutorService timer,
      CountDownLatch started,
      Duration grace) {
    this.database = database;
    this.keys = keys;
    this.nodeId = nodeId;
    this.writer = writer;
    this.timer = timer;
    this.started = started;
    this.grace = grace;
  }

  @Override
  public void claim(Request request, Consumer<Answer> then) {
    AtomicBoolean answered = new AtomicBoolean();
    UUID broadcastId = UuidCreator.getTimeOrderedEpoch();
    writer.claimBegins(broadcastId);
    timer.schedule(
        () -> {
          if (answered.compareAndSet(false, true)) {
            then.accept(refused(Reason.DATABASE_AWAY, request, null));
          }
        },
        DEADLINE_MS,
        TimeUnit.MILLISECONDS);
    database.execute(
        () -> {
          try {
            Answer answer = ask(request, broadcastId);
            if (answered.compareAndSet(false, true)) {
              then.accept(answer);
            } else if (answer instanceof Answer.Claimed claimed) {
              abandon(claimed);
            }
          } finally {
            writer.claimEnds(broadcastId);
          }
        });
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

  private Answer ask(Request request, UUID broadcastId) {
    try {
      // After that time the database itself answers that the node is not ready.
      started.await(START_MS, TimeUnit.MILLISECONDS);
      writer.awaitEnds(LAST_END_MS);
      return database.call(connection -> call(connection, request, broadcastId));
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

  private Answer call(Connection connection, Request request, UUID broadcastId)
      throws SQLException {
    String sql =
        "select outcome, broadcast_id, epoch, stream_id, account_id, stream_name, resumed"
            + " from claim_broadcast(?, ?, ?, ?, ?::inet, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, keys.streamKeyHmac(request.key()));
      statement.setObject(2, broadcastId);
      statement.setString(3, nodeId);
      statement.setString(4, request.protocol());
      statement.setString(
          5, StateStatements.withoutScope(request.remoteAddress().getHostAddress()));
      statement.setString(6, request.encoder().isEmpty() ? null : request.encoder());
      statement.setInt(7, (int) grace.toSeconds());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("claim_broadcast answered nothing");
        }
        String outcome = row.getString("outcome");
        return outcome.equals("claimed")
            ? new Answer.Claimed(
                new BroadcastClaim(
                    row.getObject("broadcast_id", UUID.class),
                    row.getLong("epoch"),
                    row.getObject("stream_id", UUID.class),
                    row.getObject("account_id", UUID.class),
                    row.getString("stream_name")),
                row.getBoolean("resumed"))
            : refused(reason(outcome), request, row.getObject("stream_id", UUID.class));
      }
    }
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
