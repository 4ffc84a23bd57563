package manycast.media.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import manycast.db.keys.CannotOpenException;
import manycast.db.keys.MediaKeys;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.probe.ProbeTarget;
import manycast.media.probe.ProbeTargets;
import manycast.media.relay.Destination;
import manycast.media.relay.RelayTotals;
import manycast.media.relay.StreamConfig;
import manycast.media.relay.StreamConfigs;
import manycast.media.relay.TrackChoice;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads streams and their destinations as they are configured. */
public final class StreamRows implements StreamConfigs, ProbeTargets {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRows.class);
  private static final int FIRST_PAUSE_MS = 200;
  private static final int LONGEST_PAUSE_MS = 2_000;

  private final Database database;
  private final MediaKeys keys;

  /** Opens destination keys with {@code keys}. */
  public StreamRows(Database database, MediaKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  @Override
  public void load(BroadcastClaim claim, Consumer<StreamConfig> then) {
    database.execute(() -> loadUntilThere(claim, then));
  }

  @Override
  public @Nullable ProbeTarget find(UUID destinationId, boolean publishes, String keySuffix)
      throws UnavailableException {
    String sql =
        "select url, sealed_password, sealed_key from destination"
            + " where id = ? and deleted_at is null";
    try {
      return database.call(
          connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
              statement.setObject(1, destinationId);
              try (ResultSet row = statement.executeQuery()) {
                String key = row.next() ? open(destinationId, row.getBytes("sealed_key")) : null;
                return key == null
                    ? null
                    : new ProbeTarget(
                        url(destinationId, row.getString("url"), row.getBytes("sealed_password")),
                        key + keySuffix,
                        publishes);
              }
            }
          });
    } catch (SQLException e) {
      throw new UnavailableException("the database is not reachable", e);
    }
  }

  private void loadUntilThere(BroadcastClaim claim, Consumer<StreamConfig> then) {
    int pauseMs = FIRST_PAUSE_MS;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        then.accept(database.call(connection -> read(connection, claim)));
        return;
      } catch (SQLException e) {
        LOG.debug("stream {} cannot be read: {}", claim.streamId(), e.getMessage());
      }
      try {
        Thread.sleep(pauseMs);
      } catch (InterruptedException closing) {
        return;
      }
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  private StreamConfig read(Connection connection, BroadcastClaim claim) throws SQLException {
    UUID streamId = claim.streamId();
    List<Destination> destinations = readDestinations(connection, streamId);
    Set<String> keysInForce = readKeys(connection, streamId);
    Map<UUID, RelayTotals> sent = readTotals(connection, claim.broadcastId());
    String sql =
        "select enabled, deleted_at is not null as deleted, stop_broadcast_id, resume_grace_seconds"
            + " from stream where id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, streamId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new StreamConfig(
                row.getBoolean("enabled"),
                row.getBoolean("deleted"),
                row.getObject("stop_broadcast_id", UUID.class),
                row.getObject("resume_grace_seconds", Integer.class),
                keysInForce,
                destinations,
                sent)
            : new StreamConfig(false, true, null, null, Set.of(), List.of(), Map.of());
      }
    }
  }

  private static Set<String> readKeys(Connection connection, UUID streamId) throws SQLException {
    String sql = "select hmac from stream_key where stream_id = ? and retired_at is null";
    Set<String> digests = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, streamId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          digests.add(HexFormat.of().formatHex(row.getBytes("hmac")));
        }
      }
    }
    return digests;
  }

  private static Map<UUID, RelayTotals> readTotals(Connection connection, UUID broadcastId)
      throws SQLException {
    String sql =
        // A node of an older version did not count what was due: nothing that it skipped is
        // forgotten.
        "select destination_id, bytes_sent, frames_sent, frames_dropped,"
            + " coalesce(frames_due, frames_sent + frames_dropped) as frames_due, skips, reconnects,"
            + " permanent from relay where broadcast_id = ?";
    Map<UUID, RelayTotals> totals = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, broadcastId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          totals.put(
              row.getObject("destination_id", UUID.class),
              new RelayTotals(
                  row.getLong("bytes_sent"),
                  row.getLong("frames_sent"),
                  row.getLong("frames_dropped"),
                  row.getLong("frames_due"),
                  row.getInt("skips"),
                  row.getInt("reconnects"),
                  row.getBoolean("permanent")));
        }
      }
    }
    return totals;
  }

  private List<Destination> readDestinations(Connection connection, UUID streamId)
      throws SQLException {
    String sql =
        "select id, name, platform, url, sealed_password, sealed_key, enabled, delay_ms,"
            + " video_track, audio_track, revision from destination"
            + " where stream_id = ? and deleted_at is null order by created_at, id";
    List<Destination> destinations = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, streamId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          UUID id = row.getObject("id", UUID.class);
          destinations.add(
              new Destination(
                  id,
                  row.getString("name"),
                  row.getString("platform"),
                  url(id, row.getString("url"), row.getBytes("sealed_password")),
                  open(id, row.getBytes("sealed_key")),
                  row.getBoolean("enabled"),
                  row.getInt("delay_ms"),
                  // No number is the default track's, which JDBC reads as 0 all the same.
                  new TrackChoice(row.getInt("video_track"), row.getInt("audio_track")),
                  row.getLong("revision")));
        }
      }
    }
    return destinations;
  }

  /** The password lies apart from the URL that holds the user's name. */
  private String url(UUID destinationId, String url, byte @Nullable [] sealedPassword) {
    int path = url.indexOf('/', url.indexOf("://") + 3);
    int at = url.lastIndexOf('@', path < 0 ? url.length() : path);
    if (sealedPassword == null || at < 0) {
      return url;
    }
    try {
      String password = keys.openDestinationPassword(destinationId, sealedPassword);
      return url.substring(0, at) + ":" + password + url.substring(at);
    } catch (CannotOpenException e) {
      LOG.error(
          "the stored password of destination {} cannot be opened: {}",
          destinationId,
          e.getMessage());
      return url;
    }
  }

  private @Nullable String open(UUID destinationId, byte[] sealed) {
    try {
      return keys.openDestinationKey(destinationId, sealed);
    } catch (CannotOpenException e) {
      LOG.error(
          "the stored key of destination {} cannot be opened: {}", destinationId, e.getMessage());
      return null;
    }
  }
}
