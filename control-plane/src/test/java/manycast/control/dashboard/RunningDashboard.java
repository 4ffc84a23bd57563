package manycast.control.dashboard;

import com.github.f4b6a3.uuid.UuidCreator;
import java.net.ServerSocket;
import java.util.Map;
import java.util.UUID;
import manycast.control.ControlPlane;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.Member;
import manycast.control.accounts.NewAccount;
import manycast.control.settings.Settings;
import manycast.db.testing.TestDatabase;

/** A whole control plane on a database of its own. */
public final class RunningDashboard implements AutoCloseable {
  public static final String PASSWORD = "correct horse battery";

  private final TestDatabase database;
  private final int port;
  private final int internalPort;
  private ControlPlane controlPlane;

  private RunningDashboard(TestDatabase database, int port, int internalPort) {
    this.database = database;
    this.port = port;
    this.internalPort = internalPort;
    this.controlPlane = startControlPlane();
  }

  /** On the server that all tests share. */
  public static RunningDashboard start() {
    return new RunningDashboard(TestDatabase.create(), freePort(), freePort());
  }

  /** On a server of its own, that may be stopped. */
  public static RunningDashboard startAlone() {
    return new RunningDashboard(TestDatabase.createAlone(), freePort(), freePort());
  }

  static RunningDashboard startOn(int port) {
    return new RunningDashboard(TestDatabase.create(), port, port + 1);
  }

  /** Another process on the same database and port, as after a crash. */
  public void restart() {
    controlPlane.close();
    controlPlane = startControlPlane();
  }

  public TestDatabase database() {
    return database;
  }

  public String url() {
    return "http://localhost:" + port;
  }

  public <T> T part(Class<T> type) {
    return controlPlane.part(type);
  }

  /** A new account with its owner, whose password is {@link #PASSWORD}. */
  public Member owner(String email) {
    return part(AccountService.class)
        .create(new NewAccount("Account of " + email, email, PASSWORD), false);
  }

  /** A browser in which that user has signed in. */
  public Browser signedIn(String email) {
    var browser = new Browser(url());
    Browser.Page page =
        browser.get("/sign-in").submit("/sign-in", Map.of("email", email, "password", PASSWORD));
    if (page.status() != 303 && page.status() != 302) {
      throw new IllegalStateException("sign-in answered " + page.status() + " " + page.body());
    }
    return browser;
  }

  /** A media node that says it is well. */
  public String node() {
    String id = UUID.randomUUID().toString().replace("-", "");
    database.execute(
        "insert into node (id, url, rtmp_url, version, state) values ('%s', 'http://127.0.0.1:1/%s', 'rtmp://localhost:1935/live', 'test', 'ready')"
            .formatted(id, id));
    return id;
  }

  /** The stream goes live, as a media node would write it. */
  public UUID goLive(UUID accountId, UUID streamId, String nodeId) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    database.execute(
        """
        insert into broadcast (id, account_id, stream_id, stream_name, epoch, node_id, state, key_id, protocol, remote_address,
            encoder, video_codec, width, height, frame_rate, audio_codec)
          values ('%s', '%s', '%s', 'My stream', nextval('broadcast_epoch'), '%s', 'live', gen_random_uuid(), 'rtmp', '203.0.113.7',
            'OBS 31.0.2', 'h264', 1920, 1080, 60, 'aac');
        insert into event (type, account_id, stream_id, broadcast_id, node_id)
          values ('broadcast.started', '%s', '%s', '%s', '%s')
        """
            .formatted(id, accountId, streamId, nodeId, accountId, streamId, id, nodeId));
    return id;
  }

  /**
   * A relay of the broadcast changes its state, as a media node would write it; {@code columns} are
   * further ones.
   */
  public void relay(
      UUID accountId,
      UUID streamId,
      UUID broadcastId,
      UUID destinationId,
      String state,
      String columns) {
    database.execute(
        """
        insert into relay (broadcast_id, destination_id, name, platform, state)
          select '%1$s', id, name, platform, '%3$s' from destination where id = '%2$s'
          on conflict (broadcast_id, destination_id) do update set state = excluded.state;
        update relay set updated_at = now() %4$s where broadcast_id = '%1$s' and destination_id = '%2$s';
        insert into event (type, account_id, stream_id, broadcast_id, destination_id)
          values ('destination.%3$s', '%5$s', '%6$s', '%1$s', '%2$s')
        """
            .formatted(
                broadcastId,
                destinationId,
                state,
                columns.isEmpty() ? "" : ", " + columns,
                accountId,
                streamId));
  }

  @Override
  public void close() {
    controlPlane.close();
    database.close();
  }

  private ControlPlane startControlPlane() {
    Map<String, String> environment =
        Map.of(
            "MANYCAST_HTTP_PORT", String.valueOf(port),
            "MANYCAST_INTERNAL_PORT", String.valueOf(internalPort),
            "MANYCAST_DB_URL", database.url(),
            "MANYCAST_DB_USER", TestDatabase.CONTROL,
            "MANYCAST_DB_PASSWORD", database.controlPassword(),
            "MANYCAST_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    try {
      ControlPlane started = ControlPlane.start(Settings.read(environment), () -> {});
      awaitDatabase(started);
      return started;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitDatabase(ControlPlane started) throws InterruptedException {
    var watch = started.part(manycast.control.database.DatabaseWatch.class);
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!watch.isReady()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not ready: " + watch.state());
      }
      Thread.sleep(20);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
