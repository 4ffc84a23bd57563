package manycast.media.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The node's few connections to Postgres and the threads that use them. Starts, and goes on,
 * without a database.
 */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final long CONNECTION_TIMEOUT_MS = 3_000;
  private static final long MAX_LIFETIME_MS = 10 * 60_000L;

  private final HikariDataSource pool;
  private final ExecutorService threads;

  /** Work on one connection. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T with(Connection connection) throws SQLException;
  }

  /** Connects to this server when somebody needs it. */
  public Database(String url, String user, String password) {
    // Set on the pool itself, which connects at its first use: a configuration apart is copied into
    // it by reflection, which is slow at a start.
    pool = new HikariDataSource();
    pool.setPoolName("database");
    pool.setJdbcUrl(url);
    pool.setUsername(user);
    pool.setPassword(password);
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
    pool.setValidationTimeout(CONNECTION_TIMEOUT_MS - 500);
    pool.setMaxLifetime(MAX_LIFETIME_MS);
    pool.setIdleTimeout(MAX_LIFETIME_MS / 2);
    pool.setInitializationFailTimeout(-1);
    pool.addDataSourceProperty("ApplicationName", "manycast media-plane");
    pool.addDataSourceProperty("connectTimeout", "3");
    pool.addDataSourceProperty("loginTimeout", "4");
    pool.addDataSourceProperty("socketTimeout", "8");
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("database-", 0).factory());
  }

  /** For those who bring their own SQL. */
  public DataSource source() {
    return pool;
  }

  /**
   * Runs work that may block; never on the caller's thread. After {@link #close} nothing is run any
   * more.
   */
  void execute(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException closed) {
      // The process ends: nobody waits for this any more.
    }
  }

  /** Does work on a connection, each statement its own transaction. Blocks. */
  <T extends @Nullable Object> T call(Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return work.with(connection);
    }
  }

  /** Does work in one transaction. Blocks. */
  <T extends @Nullable Object> T transact(Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.with(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    pool.close();
  }
}
