package manycast.media.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import manycast.db.identity.ProcessIdentity;
import manycast.db.schema.SchemaCheck;
import manycast.db.schema.SchemaState;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastState;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.EndReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's row in the database: registers it, keeps it alive every two seconds, and after an
 * outage looks which broadcasts are still its own. Knows whether the node is ready, and why not.
 * Owns one thread.
 */
public final class NodeLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
  private static final int HEARTBEAT_MS = 2_000;
  private static final int REGISTER_KEY_EVERY = 1_800;
  private static final int ORPHANS_EVERY = 5;
  private static final String STARTING = "the node is starting";

  private final Database database;
  private final Entry entry;
  private final Broadcasts broadcasts;
  private final StateWriter writer;
  private final Load load;
  private final Consumer<String> refuse;
  private final Thread thread;
  private final CountDownLatch answered;
  private volatile @Nullable String notReady = STARTING;
  private volatile boolean closed;
  private boolean registered;
  private long beats;

  /**
   * What stands in the row.
   *
   * @param url the internal HTTP as other processes reach it
   * @param previewUrl the public HTTP as browsers reach it
   */
  public record Entry(
      ProcessIdentity identity, String url, String rtmpUrl, String previewUrl, String version) {}

  /** How busy the node is. */
  public interface Load {
    /** Share of the machine's processors, 0 to 1. */
    double cpuBusy();

    long mediaBytes();

    long mediaBytesMax();

    /** Bits a second that are sent to destinations. */
    long egressBps();
  }

  /**
   * A lease that begins at once.
   *
   * @param answered counted down when it is known for the first time whether the node is ready
   * @param refuse told, once, why this process must not go on
   */
  public NodeLease(
      Database database,
      Entry entry,
      Broadcasts broadcasts,
      StateWriter writer,
      Load load,
      CountDownLatch answered,
      Consumer<String> refuse) {
    this.database = database;
    this.entry = entry;
    this.broadcasts = broadcasts;
    this.writer = writer;
    this.load = load;
    this.answered = answered;
    this.refuse = refuse;
    this.thread = Thread.ofPlatform().name("node-lease").start(this::run);
  }

  /** Why the node cannot take publishers now, or null when it can. */
  public @Nullable String notReady() {
    return notReady;
  }

  /** Leaves: the row says that the node is gone. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(HEARTBEAT_MS);
      if (registered) {
        database.transact(this::leave);
      }
    } catch (SQLException e) {
      LOG.warn("the node's row could not be marked as gone: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        beat();
      } catch (SQLException e) {
        registered = false;
        become("the database is not reachable");
        LOG.debug("no heartbeat: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("the node's lease failed", e);
        become("internal error");
      }
      try {
        Thread.sleep(notReady == null ? HEARTBEAT_MS : HEARTBEAT_MS / 4);
      } catch (InterruptedException closing) {
        return;
      }
    }
  }

  private void beat() throws SQLException {
    if (!registered) {
      String obstacle = database.call(this::enter);
      if (obstacle != null) {
        become(obstacle);
        return;
      }
      registered = true;
    }
    boolean there = database.call(this::renew);
    if (!there) {
      registered = false;
      return;
    }
    become(null);
    if (beats % ORPHANS_EVERY == 0) {
      endOrphans();
    }
    beats++;
  }

  /** Registers key and node, and answers what stands against it. */
  private @Nullable String enter(Connection connection) throws SQLException {
    switch (SchemaCheck.inspect(connection)) {
      // A newer program migrated it, and keeps what nodes of this version use.
      case SchemaState.Ready _, SchemaState.Newer _ -> {}
      case SchemaState.Older older -> {
        return older.explanation();
      }
      case SchemaState.Empty empty -> {
        return empty.explanation();
      }
    }
    if (SchemaCheck.mayDoDdl(connection)) {
      refuse.accept(
          "MANYCAST_DB_USER is a role that may change the schema; accepted is the role of media nodes, manycast_media");
      return "the database role may change the schema";
    }
    entry.identity().register(connection);
    String refusal = register(connection);
    tellPreviewUrl(connection);
    dropWhatIsNotOurs(connection);
    return refusal;
  }

  /** Answers why the row may not be ours: another process has come with the same address. */
  private @Nullable String register(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select register_node(?, ?, ?, ?)")) {
      statement.setString(1, entry.identity().id());
      statement.setString(2, entry.url());
      statement.setString(3, entry.rtmpUrl());
      statement.setString(4, entry.version());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }

  private void tellPreviewUrl(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("update node set preview_url = ? where id = ?")) {
      statement.setString(1, entry.previewUrl());
      statement.setString(2, entry.identity().id());
      statement.executeUpdate();
    }
  }

  private boolean renew(Connection connection) throws SQLException {
    if (beats % REGISTER_KEY_EVERY == REGISTER_KEY_EVERY - 1) {
      entry.identity().register(connection);
    }
    String sql =
        "update node set heartbeat_at = now(), cpu_busy = ?, media_bytes = ?, media_bytes_max = ?, egress_bps = ? where id = ? and state <> 'gone'";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFloat(1, (float) load.cpuBusy());
      statement.setLong(2, load.mediaBytes());
      statement.setLong(3, load.mediaBytesMax());
      statement.setLong(4, load.egressBps());
      statement.setString(5, entry.identity().id());
      return statement.executeUpdate() > 0;
    }
  }

  private boolean leave(Connection connection) throws SQLException {
    try (PreparedStatement gone =
            connection.prepareStatement("update node set state = 'gone' where id = ?");
        PreparedStatement event =
            connection.prepareStatement(
                "select emit_event('node.down', null, null, null, null, ?, jsonb_build_object('url', ?::text))")) {
      gone.setString(1, entry.identity().id());
      gone.executeUpdate();
      event.setString(1, entry.identity().id());
      event.setString(2, entry.url());
      event.execute();
    }
    return true;
  }

  /** In our absence somebody may have taken broadcasts over, or ended them. */
  private void dropWhatIsNotOurs(Connection connection) throws SQLException {
    for (Broadcast broadcast : broadcasts.live()) {
      verify(connection, broadcast);
    }
  }

  /** Looks whether this broadcast is still ours; drops it here when it is not. */
  private void verify(Connection connection, Broadcast broadcast) throws SQLException {
    BroadcastClaim claim = broadcast.claim();
    BroadcastState state = broadcast.state();
    if (state == BroadcastState.ENDED) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("select keep_broadcast(?, ?, ?, ?)")) {
      statement.setObject(1, claim.broadcastId());
      statement.setLong(2, claim.epoch());
      statement.setString(3, entry.identity().id());
      statement.setString(4, state.word());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || !row.getBoolean(1)) {
          broadcast.end(EndReason.NODE_LOST);
        }
      }
    }
  }

  /**
   * What stands as ours in the database and is known to nobody here was claimed in a transaction
   * whose answer was lost.
   */
  private void endOrphans() throws SQLException {
    for (Orphan orphan : database.call(this::orphans)) {
      UUID id = orphan.claim().broadcastId();
      if (broadcasts.find(id) == null && !writer.knows(id)) {
        LOG.warn("broadcast {} was claimed and never began", id);
        if (orphan.takenOver()) {
          writer.release(orphan.claim());
        } else {
          writer.end(orphan.claim(), EndReason.ENCODER_LOST);
        }
      }
    }
  }

  private record Orphan(BroadcastClaim claim, boolean takenOver) {}

  private List<Orphan> orphans(Connection connection) throws SQLException {
    String sql =
        "select id, epoch, stream_id, account_id, stream_name, owned_since > started_at as taken_over"
            + " from broadcast where node_id = ? and state <> 'ended' and not released"
            + " and owned_since < now() - interval '10 seconds'";
    List<Orphan> orphans = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, entry.identity().id());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          orphans.add(
              new Orphan(
                  new BroadcastClaim(
                      row.getObject("id", UUID.class),
                      row.getLong("epoch"),
                      row.getObject("stream_id", UUID.class),
                      row.getObject("account_id", UUID.class),
                      row.getString("stream_name")),
                  row.getBoolean("taken_over")));
        }
      }
    }
    return orphans;
  }

  private void become(@Nullable String reason) {
    if (!Objects.equals(reason, notReady)) {
      LOG.info(reason == null ? "the node is ready" : "the node is not ready: " + reason);
      notReady = reason;
    }
    answered.countDown();
  }
}
