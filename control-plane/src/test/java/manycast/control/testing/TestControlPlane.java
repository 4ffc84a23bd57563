package manycast.control.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import manycast.control.ControlPlane;
import manycast.control.database.DatabaseWatch;
import manycast.control.settings.Secret;
import manycast.control.settings.Settings;
import manycast.control.web.InternalServer;
import manycast.db.keys.SecretKey;
import manycast.db.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/** A control plane that really runs, on free ports, on a database of its own. */
public final class TestControlPlane implements AutoCloseable {
  public static final String ADMIN_EMAIL = "admin@example.com";
  public static final String ADMIN_PASSWORD = "correct horse battery";
  public static final String ADMIN_TOKEN = "admin-token-of-the-tests";
  public static final SecretKey SECRET_KEY = SecretKey.generate();

  private static @Nullable TestControlPlane shared;

  private final TestDatabase database;
  private final ControlPlane running;

  private TestControlPlane(TestDatabase database, ControlPlane running) {
    this.database = database;
    this.running = running;
  }

  /**
   * The one that most tests use; it lives as long as the tests, so each test makes an account of
   * its own.
   */
  public static synchronized TestControlPlane shared() {
    if (shared == null) {
      TestDatabase database = TestDatabase.create();
      shared = startReady(database);
      TestControlPlane ending = shared;
      Runtime.getRuntime()
          .addShutdownHook(new Thread(ending.running::close, "shared-control-plane-end"));
    }
    return shared;
  }

  /** Another one on the database, which {@link #close} leaves alone. */
  public static TestControlPlane start(TestDatabase database) {
    return start(
        database, settings(database.url(), TestDatabase.CONTROL, database.controlPassword()));
  }

  /** As above with other settings. */
  public static TestControlPlane start(TestDatabase database, Settings settings) {
    return new TestControlPlane(database, ControlPlane.start(settings, () -> {}));
  }

  /** As {@link #start}, and the database has been found ready. */
  public static TestControlPlane startReady(TestDatabase database) {
    TestControlPlane plane = start(database);
    plane.awaitReady();
    return plane;
  }

  /** Settings of tests: free ports, first admin. */
  public static Settings settings(String url, String user, String password) {
    return new Settings(
        0,
        0,
        "live.example.com",
        "http://localhost:8080",
        1935,
        1936,
        Duration.ofMinutes(10),
        new Settings.Database(url, user, new Secret(password)),
        new Secret(SECRET_KEY.encoded()),
        new Settings.FirstAdmin(ADMIN_EMAIL, new Secret(ADMIN_PASSWORD), new Secret(ADMIN_TOKEN)),
        List.of());
  }

  public void awaitReady() {
    Eventually.holds("the database is ready", () -> part(DatabaseWatch.class).isReady());
  }

  public String url() {
    return "http://localhost:" + running.httpPort();
  }

  public String internalUrl() {
    return "http://localhost:" + part(InternalServer.class).port();
  }

  public TestDatabase database() {
    return database;
  }

  /** One of the assembled parts. */
  public <T> T part(Class<T> type) {
    return running.part(type);
  }

  /** A client of a control plane anywhere. */
  public static ApiClient client(String url, String token) {
    return new ApiClient(url, token);
  }

  /** A client that speaks with this token. */
  public ApiClient as(String token) {
    return new ApiClient(url(), token);
  }

  /** A client of the first admin's. */
  public ApiClient admin() {
    return as(ADMIN_TOKEN);
  }

  /** A client with every scope of the owner of a fresh account. */
  public ApiClient newAccount() {
    var answer =
        admin()
            .post(
                "/accounts",
                """
                {"name": "Another", "email": "%s@example.com", "password": "long enough to do"}"""
                    .formatted(UUID.randomUUID()));
    return as(answer.expect(201).text("token"));
  }

  /** How many rows there are: table and condition as after {@code from}. */
  public long rows(String tableAndCondition) {
    try (Connection connection = database.owner();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + tableAndCondition)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The one value of type bytea that the query finds. */
  public byte[] bytes(String query) {
    try (Connection connection = database.owner();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getBytes(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The one text that the query finds. */
  public String text(String query) {
    try (Connection connection = database.owner();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    running.close();
  }
}
