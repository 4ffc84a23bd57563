package manycast.system.bench.peer;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import manycast.db.keys.MediaKeys;

/**
 * Streams and destinations, written as the control plane writes them. Not through its API: keys are
 * to be known beforehand, and a stream gets more destinations than the API lets anybody make. Owns
 * the connection.
 */
public final class Streams implements AutoCloseable {
  private final Connection database;
  private final MediaKeys keys;

  Streams(Connection database, MediaKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  /**
   * Makes the streams of a point, published with {@code <prefix>0}, {@code <prefix>1} and so on;
   * each has its destinations on the sink's port of loopback.
   *
   * @return the streams' ids
   */
  public List<UUID> make(String prefix, Point point, int sinkPort) throws IOException {
    return make(prefix, point, "rtmp", sinkPort);
  }

  /** The same by another scheme: {@code rtmps}. */
  public List<UUID> make(String prefix, Point point, String scheme, int sinkPort)
      throws IOException {
    try {
      database.setAutoCommit(false);
      UUID account = UUID.randomUUID();
      run("insert into account (id, name) values (?, ?)", account, "bench " + prefix);
      return make(account, prefix, point, scheme, sinkPort);
    } catch (SQLException e) {
      throw new IOException("making streams: " + e.getMessage(), e);
    }
  }

  /** The same in the account of the installation's first admin, whom a control plane has made. */
  public List<UUID> makeForAdmin(String prefix, Point point, int sinkPort) throws IOException {
    try (PreparedStatement admin =
            database.prepareStatement(
                "select account_id from membership order by user_id limit 1");
        ResultSet row = admin.executeQuery()) {
      if (!row.next()) {
        throw new IOException("making streams: there is no admin yet");
      }
      UUID account = row.getObject(1, UUID.class);
      database.setAutoCommit(false);
      return make(account, prefix, point, "rtmp", sinkPort);
    } catch (SQLException e) {
      throw new IOException("making streams: " + e.getMessage(), e);
    }
  }

  private List<UUID> make(UUID account, String prefix, Point point, String scheme, int sinkPort)
      throws IOException {
    try {
      List<UUID> streams = new ArrayList<>();
      for (int i = 0; i < point.ingests(); i++) {
        streams.add(stream(account, prefix + i));
        destinations(
            streams.getLast(),
            point.destinations(),
            "%s://127.0.0.1:%d/out".formatted(scheme, sinkPort));
      }
      database.commit();
      return streams;
    } catch (SQLException e) {
      throw new IOException("making streams: " + e.getMessage(), e);
    }
  }

  private UUID stream(UUID account, String key) throws SQLException {
    UUID id = UUID.randomUUID();
    run("insert into stream (id, account_id, name) values (?, ?, ?)", id, account, key);
    UUID keyId = UUID.randomUUID();
    run(
        "insert into stream_key (id, stream_id, hmac, sealed, fingerprint) values (?, ?, ?, ?, ?)",
        keyId,
        id,
        keys.streamKeyHmac(key),
        keys.sealStreamKey(keyId, key),
        keys.fingerprint(key));
    return id;
  }

  private void destinations(UUID stream, int count, String url) throws SQLException {
    try (PreparedStatement insert =
        database.prepareStatement(
            "insert into destination (id, stream_id, name, platform, url, sealed_key,"
                + " key_fingerprint) values (?, ?, ?, 'custom', ?, ?, ?)")) {
      for (int i = 0; i < count; i++) {
        UUID id = UUID.randomUUID();
        String key = "k" + i;
        insert.setObject(1, id);
        insert.setObject(2, stream);
        insert.setString(3, "out" + i);
        insert.setString(4, url + i);
        insert.setBytes(5, keys.sealDestinationKey(id, key));
        insert.setString(6, keys.fingerprint(key));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * Switches destinations of a stream on or off, the {@code from}th to the one before {@code to},
   * and tells whoever relays the stream.
   */
  public void enable(UUID stream, int from, int to, boolean enabled) throws IOException {
    try {
      run(
          "update destination set enabled = ? where stream_id = ?"
              + " and substring(name from 4)::int >= ? and substring(name from 4)::int < ?",
          enabled,
          stream,
          from,
          to);
      try (PreparedStatement emit =
          database.prepareStatement(
              "select emit_event('stream.updated', account_id, id, null, null, null, null)"
                  + " from stream where id = ?")) {
        emit.setObject(1, stream);
        emit.execute();
      }
      database.commit();
    } catch (SQLException e) {
      throw new IOException("switching destinations: " + e.getMessage(), e);
    }
  }

  private void run(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      database.close();
    } catch (SQLException e) {
      throw new IOException("closing the database: " + e.getMessage(), e);
    }
  }
}
