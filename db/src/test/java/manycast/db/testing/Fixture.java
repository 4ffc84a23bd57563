package manycast.db.testing;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;
import manycast.db.identity.ProcessIdentity;

/** Rows that many tests need, written as the owner or by the functions that a plane would call. */
public final class Fixture {
  private final TestDatabase database;

  public Fixture(TestDatabase database) {
    this.database = database;
  }

  /** A new account. */
  public UUID account() {
    UUID id = UUID.randomUUID();
    database.execute("insert into account (id, name) values ('%s', 'An account')".formatted(id));
    return id;
  }

  /** A new enabled stream without a key. */
  public UUID stream(UUID account) {
    UUID id = UUID.randomUUID();
    database.execute(
        "insert into stream (id, account_id, name) values ('%s', '%s', 'My stream')"
            .formatted(id, account));
    return id;
  }

  /** A publish key of the stream whose HMAC is just the bytes of {@code hmac}. */
  public UUID streamKey(UUID stream, String hmac) {
    UUID id = UUID.randomUUID();
    database.execute(
        """
        insert into stream_key (id, stream_id, hmac, sealed, fingerprint)
          values ('%s', '%s', decode('%s', 'hex'), '', '0badcafe')
        """
            .formatted(
                id, stream, HexFormat.of().formatHex(hmac.getBytes(StandardCharsets.UTF_8))));
    return id;
  }

  /** A new enabled destination of the stream. */
  public UUID destination(UUID stream) {
    UUID id = UUID.randomUUID();
    database.execute(
        """
        insert into destination (id, stream_id, name, platform, url, sealed_key, key_fingerprint)
          values ('%s', '%s', 'A place', 'custom', 'rtmp://127.0.0.1/live', '', '0badcafe')
        """
            .formatted(id, stream));
    return id;
  }

  /** Registers a media node with a new key, ready, at this internal URL; returns its id. */
  public String node(String url) {
    ProcessIdentity identity = ProcessIdentity.generate();
    try (var media = database.media();
        var statement = media.prepareStatement("select register_node(?, ?, ?, 'test')")) {
      identity.register(media);
      statement.setString(1, identity.id());
      statement.setString(2, url);
      statement.setString(3, url.replace("http", "rtmp") + "/live");
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return identity.id();
  }

  /** Has the functions of this database believe that the server has been up for an hour. */
  public void serverIsUpForAnHour() {
    serverIsUpFor("1 hour");
  }

  /** Has the functions of this database believe that the server came up just now. */
  public void serverCameUpJustNow() {
    serverIsUpFor("0 seconds");
  }

  private void serverIsUpFor(String interval) {
    database.execute(
        "create or replace function server_started_at() returns timestamptz language sql stable"
            + " return now() - interval '"
            + interval
            + "'");
  }
}
