package manycast.db.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.db.migrate.Migrate;
import manycast.db.postgres.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A fresh, migrated database on a real server, for one test or one class of tests. {@link #create}
 * copies a template on the one server of this JVM, which takes a tenth of a second; close drops the
 * copy.
 */
public final class TestDatabase implements AutoCloseable {
  public static final String OWNER = EmbeddedPostgres.OWNER;
  public static final String CONTROL = "manycast_control";
  public static final String MEDIA = "manycast_media";

  private static final String CONTROL_PASSWORD = "control-password-of-tests";
  private static final String MEDIA_PASSWORD = "media-password-of-tests";
  private static final String TEMPLATE = "manycast_template";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static @Nullable TestServer shared;

  private final TestServer server;
  private final String name;
  private final boolean alone;

  private TestDatabase(TestServer server, String name, boolean alone) {
    this.server = server;
    this.name = name;
    this.alone = alone;
  }

  /** A migrated database of its own, on the server that all tests of this JVM share. */
  public static TestDatabase create() {
    return copyOfTemplate(sharedServer(), false);
  }

  /** A database that nobody has migrated yet, on the shared server. */
  public static TestDatabase createEmpty() {
    TestDatabase database =
        new TestDatabase(sharedServer(), "empty_" + NUMBER.incrementAndGet(), false);
    database.administer("create database " + database.name + " template template0");
    return database;
  }

  /** A migrated database on a server of its own, for tests that stop and kill the server. */
  public static TestDatabase createAlone() {
    return copyOfTemplate(serverWithTemplate(), true);
  }

  /** An empty database on a server of its own, whose roles nobody has made yet. */
  public static TestDatabase createBare() {
    return new TestDatabase(TestServer.launch(), EmbeddedPostgres.DATABASE, true);
  }

  /** JDBC URL without user and password. */
  public String url() {
    return server.url(name);
  }

  public String name() {
    return name;
  }

  public int port() {
    return server.port();
  }

  /** JDBC URL with the owner's user and password in it. */
  public String ownerUrl() {
    return urlAs(OWNER, ownerPassword());
  }

  /** JDBC URL with the control plane's user and password in it. */
  public String controlUrl() {
    return urlAs(CONTROL, CONTROL_PASSWORD);
  }

  /** JDBC URL with a media node's user and password in it. */
  public String mediaUrl() {
    return urlAs(MEDIA, MEDIA_PASSWORD);
  }

  public String ownerPassword() {
    return TestServer.OWNER_PASSWORD;
  }

  public String controlPassword() {
    return CONTROL_PASSWORD;
  }

  public String mediaPassword() {
    return MEDIA_PASSWORD;
  }

  /** A new connection as the owner; the caller closes it. */
  public Connection owner() throws SQLException {
    return DriverManager.getConnection(ownerUrl());
  }

  /** A new connection as the control plane; the caller closes it. */
  public Connection control() throws SQLException {
    return DriverManager.getConnection(controlUrl());
  }

  /** A new connection as a media node; the caller closes it. */
  public Connection media() throws SQLException {
    return DriverManager.getConnection(mediaUrl());
  }

  /** Unpooled; user is one of {@link #OWNER}, {@link #CONTROL}, {@link #MEDIA}. */
  public PGSimpleDataSource dataSource(String user) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url());
    source.setUser(user);
    source.setPassword(
        switch (user) {
          case OWNER -> ownerPassword();
          case CONTROL -> CONTROL_PASSWORD;
          case MEDIA -> MEDIA_PASSWORD;
          default -> throw new IllegalArgumentException("no role " + user);
        });
    return source;
  }

  /** Runs statements as the owner: a test's fixture. */
  public void execute(String sql) {
    try (Connection connection = owner();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Migrates this database with the passwords of tests. */
  public Migrate.Result migrate() throws SQLException {
    return migrate(server, name);
  }

  /** All that the server has logged so far. */
  public String log() {
    return server.log();
  }

  /** Stops the server in order; all its databases go away with it until {@link #start}. */
  public void stop() {
    server.stop();
  }

  /** SIGKILL to the postmaster. */
  public void kill() {
    server.kill();
  }

  /** Starts the stopped or killed server on the same port with the same data, and waits for it. */
  public void start() {
    server.start();
  }

  /** Drops the database, cutting what is still connected. */
  @Override
  public void close() {
    if (alone) {
      server.destroy();
    } else {
      administer("drop database if exists " + name + " with (force)");
    }
  }

  private String urlAs(String user, String password) {
    return url() + "?user=" + user + "&password=" + password;
  }

  private void administer(String sql) {
    administer(server, sql);
  }

  private static void administer(TestServer server, String sql) {
    try (Connection connection =
            DriverManager.getConnection(server.url("postgres"), OWNER, TestServer.OWNER_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static TestDatabase copyOfTemplate(TestServer server, boolean alone) {
    TestDatabase database = new TestDatabase(server, "test_" + NUMBER.incrementAndGet(), alone);
    database.administer("create database " + database.name + " template " + TEMPLATE);
    try (Connection connection = database.owner()) {
      Migrate.restrictDatabase(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return database;
  }

  private static synchronized TestServer sharedServer() {
    TestServer server = shared;
    if (server == null) {
      server = serverWithTemplate();
      shared = server;
    }
    return server;
  }

  private static TestServer serverWithTemplate() {
    TestServer server = TestServer.launch();
    administer(server, "create database " + TEMPLATE);
    try {
      migrate(server, TEMPLATE);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return server;
  }

  private static Migrate.Result migrate(TestServer server, String database) throws SQLException {
    return new Migrate(
            new Migrate.Owner(server.url(database), OWNER, TestServer.OWNER_PASSWORD),
            new Migrate.PlanePasswords(CONTROL_PASSWORD, MEDIA_PASSWORD))
        .run();
  }
}
