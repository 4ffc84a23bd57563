package manycast.db.migrate;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An event log that came with a dump from a server whose transaction numbers were ahead of this
 * one's. Its events would be invisible until this server had counted that far, and new ones would
 * be read before them.
 */
final class RestoredLog {
  private RestoredLog() {}

  /**
   * Moves a restored log before everything that this server will write. Its order is then that of
   * {@code seq}, which is each writer's own order. Ids that readers hold from before are ahead of
   * the log's head, by which they are recognised as unknown.
   *
   * @return how many events were renumbered; 0 when the log is this server's own
   */
  static long adopt(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(
          """
          update event set xact = '1'
          where exists (select from event where xact >= pg_snapshot_xmax(pg_current_snapshot()))
          """);
    }
  }
}
