package manycast.media;

import io.netty.channel.EventLoop;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import manycast.db.keys.MediaKeys;
import manycast.db.keys.SecretKey;
import manycast.db.testing.TestDatabase;
import manycast.media.broadcast.Broadcast;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.FlushMode;
import manycast.media.loops.Transport;
import manycast.media.relay.RelayReport;
import manycast.media.settings.Secret;
import manycast.media.settings.Settings;
import manycast.media.settings.Store;
import manycast.media.testing.Rows;
import manycast.media.testing.Until;
import org.jspecify.annotations.Nullable;

/** A whole node on free ports with rows of its own in a database. */
final class TestNode implements AutoCloseable {
  static final String KEY = "the-stream-key-of-this-test";
  private static final long MEDIA_MEMORY = 256 << 20;

  /** So that an encoder that comes back is mostly on another loop than its broadcast. */
  private static final int LOOPS = 3;

  private static final Settings.Tls NO_TLS_SETTINGS = new Settings.Tls(null, List.of());

  private final MediaPlane plane;
  private final TestDatabase database;
  private final MediaKeys keys;
  private final Rows rows;
  private final List<String> refusals = new CopyOnWriteArrayList<>();

  TestNode(TestDatabase database) throws SQLException {
    this(database, UnaryOperator.identity(), AddressPolicy.allowEverything());
  }

  /** A node that may hold so many bytes of media. */
  TestNode(TestDatabase database, long mediaMemory) throws SQLException {
    this(
        database,
        UnaryOperator.identity(),
        AddressPolicy.allowEverything(),
        mediaMemory,
        NO_TLS_SETTINGS,
        null);
  }

  /** A node that keeps all segments there. */
  TestNode(TestDatabase database, Store store) throws SQLException {
    this(
        database,
        UnaryOperator.identity(),
        AddressPolicy.allowEverything(),
        MEDIA_MEMORY,
        NO_TLS_SETTINGS,
        store);
  }

  /** A node with these certificates and authorities. */
  TestNode(TestDatabase database, Settings.Tls tls) throws SQLException {
    this(
        database,
        UnaryOperator.identity(),
        AddressPolicy.allowEverything(),
        MEDIA_MEMORY,
        tls,
        null);
  }

  TestNode(TestDatabase database, UnaryOperator<EventLoop> ownerLoop, AddressPolicy policy)
      throws SQLException {
    this(database, ownerLoop, policy, MEDIA_MEMORY, NO_TLS_SETTINGS, null);
  }

  private TestNode(
      TestDatabase database,
      UnaryOperator<EventLoop> ownerLoop,
      AddressPolicy policy,
      long mediaMemory,
      Settings.Tls tls,
      @Nullable Store store)
      throws SQLException {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    this.database = database;
    this.keys = keys;
    rows = new Rows(database, keys);
    rows.addKey(KEY);
    plane =
        new MediaPlane(
            settings(access(database), keys, policy, mediaMemory, tls, store),
            LOOPS,
            ownerLoop,
            refusals::add);
    ready(Duration.ofSeconds(10));
  }

  static MediaPlane start(
      Settings.DatabaseAccess access,
      MediaKeys keys,
      UnaryOperator<EventLoop> ownerLoop,
      AddressPolicy policy,
      List<String> refusals) {
    return new MediaPlane(
        settings(access, keys, policy, MEDIA_MEMORY, NO_TLS_SETTINGS, null),
        LOOPS,
        ownerLoop,
        refusals::add);
  }

  private static Settings.DatabaseAccess access(TestDatabase database) {
    return new Settings.DatabaseAccess(
        database.url(), TestDatabase.MEDIA, new Secret(database.mediaPassword()));
  }

  private static Settings settings(
      Settings.DatabaseAccess access,
      MediaKeys keys,
      AddressPolicy policy,
      long mediaMemory,
      Settings.Tls tls,
      @Nullable Store store) {
    return new Settings(
        new Settings.Addresses(
            "localhost",
            URI.create("http://127.0.0.1:20300"),
            URI.create("http://localhost:20301")),
        new Settings.Ports(0, 0, 0, 0),
        null,
        tls,
        access,
        keys,
        policy,
        Duration.ofSeconds(45),
        Duration.ofSeconds(10),
        mediaMemory,
        FlushMode.IMMEDIATE,
        Transport.best(),
        store,
        List.of());
  }

  /** What the node says of each destination, by its name. */
  Map<String, RelayReport> reports() {
    Map<String, RelayReport> reports = new HashMap<>();
    for (Broadcast broadcast : plane.broadcasts().live()) {
      broadcast
          .loop()
          .submit(
              () ->
                  plane
                      .relays()
                      .snapshot(broadcast)
                      .forEach(report -> reports.put(report.destination().name(), report)))
          .syncUninterruptibly();
    }
    return reports;
  }

  /** Waits until the node takes publishers. */
  void ready(Duration patience) {
    Until.isTrue(patience, "the node is ready", () -> plane.notReady() == null);
  }

  /** Another stream, with this key. */
  Rows another(String key) throws SQLException {
    Rows more = new Rows(database, keys);
    more.addKey(key);
    return more;
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
