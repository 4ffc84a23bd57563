package manycast.media.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import manycast.db.keys.MediaKeys;
import manycast.db.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/** An account with a stream in a fresh database, changed as the control plane would. */
public final class Rows {
  private final TestDatabase database;
  private final MediaKeys keys;
  private final UUID account = UUID.randomUUID();
  private final UUID stream = UUID.randomUUID();

  public Rows(TestDatabase database, MediaKeys keys) throws SQLException {
    this.database = database;
    this.keys = keys;
    run("insert into account (id, name) values (?, 'An account')", account);
    run("insert into stream (id, account_id, name) values (?, ?, 'A stream')", stream, account);
  }

  public UUID stream() {
    return stream;
  }

  public UUID account() {
    return account;
  }

  /** Another key for the stream. */
  public UUID addKey(String key) throws SQLException {
    UUID id = UUID.randomUUID();
    run(
        "insert into stream_key (id, stream_id, hmac, sealed, fingerprint) values (?, ?, ?, ?, ?)",
        id,
        stream,
        keys.streamKeyHmac(key),
        keys.sealStreamKey(id, key),
        keys.fingerprint(key));
    return id;
  }

  /** A key that the stream had before. */
  public void addRetiredKey(String key) throws SQLException {
    UUID id = UUID.randomUUID();
    run(
        "insert into stream_key (id, stream_id, hmac, sealed, fingerprint, retired_at) values (?, ?, ?, ?, ?, now())",
        id,
        stream,
        keys.streamKeyHmac(key),
        keys.sealStreamKey(id, key),
        keys.fingerprint(key));
  }

  /** The stream gets this key in place of the other one, and nodes are told. */
  public void replaceKey(String old, String next) throws SQLException {
    run("update stream_key set retired_at = now() where hmac = ?", keys.streamKeyHmac(old));
    addKey(next);
    tell("stream.updated", null);
  }

  public UUID addDestination(String name, String url, String key) throws SQLException {
    UUID id = UUID.randomUUID();
    run(
        "insert into destination (id, stream_id, name, platform, url, sealed_key, key_fingerprint) values (?, ?, ?, 'custom', ?, ?, ?)",
        id,
        stream,
        name,
        url,
        keys.sealDestinationKey(id, key),
        keys.fingerprint(key));
    tell("destination.updated", id);
    return id;
  }

  /** Changes a destination and tells of it: {@code set} is the SQL between set and where. */
  public void changeDestination(UUID id, String set) throws SQLException {
    run("update destination set " + set + " where id = ?", id);
    tell("destination.updated", id);
  }

  public void changeStream(String set) throws SQLException {
    run("update stream set " + set + " where id = ?", stream);
    tell("stream.updated", null);
  }

  /** The first column of all rows as text. */
  public List<String> texts(String sql, Object... parameters) throws SQLException {
    try (Connection connection = database.owner();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      List<String> texts = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          texts.add(String.valueOf(row.getString(1)));
        }
      }
      return texts;
    }
  }

  private void tell(String type, @Nullable UUID destination) throws SQLException {
    try (Connection connection = database.control();
        PreparedStatement statement =
            connection.prepareStatement("select emit_event(?, ?, ?, null, ?, null, '{}')")) {
      bind(statement, type, account, stream, destination);
      statement.execute();
    }
  }

  private void run(String sql, @Nullable Object... parameters) throws SQLException {
    try (Connection connection = database.owner();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      statement.execute();
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }
}
