package manycast.db.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import manycast.db.postgres.EmbeddedPostgres;

/** An embedded server that was started a moment ago. */
public final class StartingServer {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /**
   * Waits until the server on this port takes statements, and makes its database.
   *
   * @throws SQLException the last one, when it does not in time
   */
  public static void await(int port, String password) throws SQLException, InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      try (Connection connection =
          DriverManager.getConnection(
              EmbeddedPostgres.jdbcUrl(port, "postgres"), EmbeddedPostgres.OWNER, password)) {
        EmbeddedPostgres.createDatabase(connection);
        return;
      } catch (SQLException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
      }
      Thread.sleep(20);
    }
  }

  private StartingServer() {}
}
