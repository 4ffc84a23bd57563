package manycast.control.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import manycast.control.settings.Settings;
import manycast.db.schema.SchemaCheck;
import manycast.db.schema.SchemaState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second, over a connection of its own, whether the database is there and fits, so
 * that requests need not find out by waiting.
 */
public final class DatabaseWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatabaseWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int PATIENCE_SECONDS = 2;

  private final Settings.Database database;
  private final Runnable mayDoDdl;
  private final Thread thread = new Thread(this::run, "database-watch");
  private volatile DatabaseState state =
      new DatabaseState.Unusable("the database has not been asked yet");
  private volatile List<WhenReady> whenReady = List.of();
  private volatile @Nullable Steadiness steadiness;
  private volatile boolean closed;

  /**
   * Starts looking only with {@link #start}.
   *
   * @param mayDoDdl called, on any thread, when the role turns out to be one that may change the
   *     schema
   */
  public DatabaseWatch(Settings.Database database, Runnable mayDoDdl) {
    this.database = database;
    this.mayDoDdl = mayDoDdl;
    thread.setDaemon(true);
  }

  /** Begins; each of them is called whenever the database has come. */
  public void start(List<WhenReady> inOrder) {
    whenReady = List.copyOf(inOrder);
    thread.start();
  }

  public DatabaseState state() {
    return state;
  }

  public boolean isReady() {
    return state instanceof DatabaseState.Ready;
  }

  /** Since when it has been seen ready without a gap; empty while it is not. */
  public Optional<Steadiness> steadiness() {
    return Optional.ofNullable(steadiness);
  }

  /**
   * Whether the failure means that the database cannot be reached or is shutting down, rather than
   * that we are wrong.
   */
  public static boolean isOutage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException
          || cause instanceof SQLRecoverableException) {
        return true;
      }
      if (cause instanceof SQLException sql && isOutage(sql.getSQLState())) {
        return true;
      }
      if (cause instanceof SQLException
          && cause.getMessage() != null
          && cause.getMessage().contains("has been closed")) {
        return true;
      }
    }
    return false;
  }

  /** Classes 08 (connection) and 57P (the server ends), and 53300 (no connection left). */
  private static boolean isOutage(@Nullable String sqlState) {
    return sqlState != null
        && (sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.equals("53300"));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try (Connection connection = connect()) {
        watch(connection);
      } catch (SQLException e) {
        become(new DatabaseState.Unusable(reason(e)), e);
      } catch (RuntimeException e) {
        become(new DatabaseState.Unusable("starting on the database failed"), e);
      }
      pause();
    }
  }

  private String reason(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case "28P01", "28000" ->
          "the database refuses the role " + database.user() + " or its password";
      case "3D000" -> "the server has no such database";
      case "42501" -> "the role " + database.user() + " lacks its grants: run ./manycast migrate";
      default -> "the database does not answer";
    };
  }

  /** Returns when the connection is lost. */
  private void watch(Connection connection) throws SQLException {
    if (SchemaCheck.mayDoDdl(connection)) {
      become(new DatabaseState.Unusable("the database role may change the schema"), null);
      mayDoDdl.run();
      closed = true;
      return;
    }
    boolean begun = false;
    while (!closed) {
      switch (SchemaCheck.inspect(connection)) {
        case SchemaState.Ready _, SchemaState.Newer _ -> {
          if (!begun) {
            for (WhenReady step : whenReady) {
              step.databaseCame(connection);
            }
            begun = true;
          }
          become(new DatabaseState.Ready(), null);
          looked(clock(connection));
        }
        case SchemaState.Older older ->
            become(new DatabaseState.Unusable(older.explanation()), null);
        case SchemaState.Empty empty ->
            become(new DatabaseState.Unusable(empty.explanation()), null);
      }
      pause();
    }
  }

  private void looked(Instant now) {
    Steadiness before = steadiness;
    steadiness = before == null ? Steadiness.begun(now) : before.seenAt(now);
  }

  private static Instant clock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private void become(DatabaseState next, @Nullable Exception why) {
    if (next.equals(state)) {
      return;
    }
    if (!(next instanceof DatabaseState.Ready)) {
      steadiness = null;
    }
    state = next;
    switch (next) {
      case DatabaseState.Ready _ -> log.info("The database is ready.");
      case DatabaseState.Unusable(String reason) ->
          log.warn(
              "Waiting for the database: {}{}",
              reason,
              why == null ? "" : " (" + why.getMessage() + ")");
    }
  }

  private void pause() {
    if (closed) {
      return;
    }
    try {
      Thread.sleep(PERIOD);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", database.user());
    properties.setProperty("password", database.password().value());
    properties.setProperty("ApplicationName", "manycast control plane, watch");
    properties.setProperty("connectTimeout", String.valueOf(PATIENCE_SECONDS));
    properties.setProperty("loginTimeout", String.valueOf(PATIENCE_SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(2 * PATIENCE_SECONDS));
    return DriverManager.getConnection(database.url(), properties);
  }
}
