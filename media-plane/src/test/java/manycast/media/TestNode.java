package manycast.media;

import io.netty.channel.EventLoop;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import manycast.db.keys.MediaKeys;
import manycast.db.keys.SecretKey;
import manycast.db.testing.TestDatabase;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.FlushMode;
import manycast.media.loops.Transport;
import manycast.media.settings.Secret;
import manycast.media.settings.Settings;
import manycast.media.testing.Rows;
import manycast.media.testing.Until;

/** A whole node on free ports with rows of its own in a database. */
final class TestNode implements AutoCloseable {
  static final String KEY = "the-stream-key-of-this-test";

  private final MediaPlane plane;
  private final Rows rows;
  private final List<String> refusals = new CopyOnWriteArrayList<>();

  TestNode(TestDatabase database) throws SQLException {
    this(database, UnaryOperator.identity(), AddressPolicy.allowEverything());
  }

  TestNode(TestDatabase database, UnaryOperator<EventLoop> ownerLoop, AddressPolicy policy)
      throws SQLException {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    rows = new Rows(database, keys);
    rows.addKey(KEY);
    plane = start(database, keys, ownerLoop, policy, refusals);
    ready(Duration.ofSeconds(10));
  }

  static MediaPlane start(
      TestDatabase database,
      MediaKeys keys,
      UnaryOperator<EventLoop> ownerLoop,
      AddressPolicy policy,
      List<String> refusals) {
    return start(
        new Settings.DatabaseAccess(
            database.url(), TestDatabase.MEDIA, new Secret(database.mediaPassword())),
        keys,
        ownerLoop,
        policy,
        refusals);
  }

  static MediaPlane start(
      Settings.DatabaseAccess access,
      MediaKeys keys,
      UnaryOperator<EventLoop> ownerLoop,
      AddressPolicy policy,
      List<String> refusals) {
    Settings settings =
        new Settings(
            new Settings.Addresses("localhost", URI.create("http://127.0.0.1:20300")),
            new Settings.Ports(0, 0, 0),
            access,
            keys,
            policy,
            Duration.ofSeconds(10),
            256 << 20,
            FlushMode.IMMEDIATE,
            Transport.best(),
            List.of());
    return new MediaPlane(settings, ownerLoop, refusals::add);
  }

  /** Waits until the node takes publishers. */
  void ready(Duration patience) {
    Until.isTrue(patience, "the node is ready", () -> plane.notReady() == null);
  }

  MediaPlane plane() {
    return plane;
  }

  Rows rows() {
    return rows;
  }

  int rtmpPort() {
    return plane.rtmpPort();
  }

  @Override
  public void close() {
    plane.close();
  }
}
