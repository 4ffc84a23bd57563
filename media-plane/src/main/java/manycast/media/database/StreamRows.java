package manycast.media.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import manycast.db.keys.CannotOpenException;
import manycast.db.keys.MediaKeys;
import manycast.media.relay.Destination;
import manycast.media.relay.StreamConfig;
import manycast.media.relay.StreamConfigs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads streams and their destinations as they are configured. */
public final class StreamRows implements StreamConfigs {
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
  public void load(UUID streamId, Consumer<StreamConfig> then) {
    database.execute(() -> loadUntilThere(streamId, then));
  }

  private void loadUntilThere(UUID streamId, Consumer<StreamConfig> then) {
    int pauseMs = FIRST_PAUSE_MS;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        then.accept(database.call(connection -> read(connection, streamId)));
        return;
      } catch (SQLException e) {
        LOG.debug("stream {} cannot be read: {}", streamId, e.getMessage());
      }
      try {
        Thread.sleep(pauseMs);
      } catch (InterruptedException closing) {
        return;
      }
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  private StreamConfig read(Connection connection, UUID streamId) throws SQLException {
    List<Destination> destinations = readDestinations(connection, streamId);
    String sql =
        "select enabled, deleted_at is not null as deleted, stop_broadcast_id from stream where id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, streamId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new StreamConfig(
                row.getBoolean("enabled"),
                row.getBoolean("deleted"),
                row.getObject("stop_broadcast_id", UUID.class),
                destinations)
            : new StreamConfig(false, true, null, List.of());
      }
    }
  }

  private List<Destination> readDestinations(Connection connection, UUID streamId)
      throws SQLException {
    String sql =
        "select id, name, platform, url, sealed_key, enabled, delay_ms, revision from destination"
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
                  row.getString("url"),
                  open(id, row.getBytes("sealed_key")),
                  row.getBoolean("enabled"),
                  row.getInt("delay_ms"),
                  row.getLong("revision")));
        }
      }
    }
    return destinations;
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
