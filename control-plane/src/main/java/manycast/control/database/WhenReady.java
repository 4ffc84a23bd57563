package manycast.control.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What is to be done each time the database has come, before anybody is told that it is ready.
 * Called in bean order.
 */
public interface WhenReady {
  /** May throw: then it is tried again a second later, all from the beginning. */
  void databaseCame(Connection connection) throws SQLException;
}
