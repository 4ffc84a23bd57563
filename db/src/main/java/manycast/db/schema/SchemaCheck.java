package manycast.db.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks at a database through a plane's own role. */
public final class SchemaCheck {
  /** The newest migration of this program. */
  public static final int VERSION = 19;

  /** Where Flyway keeps what it has applied. */
  private static final String HISTORY = "public.flyway_schema_history";

  private SchemaCheck() {}

  /** Compares the schema in the database with {@link #VERSION}. */
  public static SchemaState inspect(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet table =
          statement.executeQuery("select to_regclass('" + HISTORY + "') is not null")) {
        if (!table.next() || !table.getBoolean(1)) {
          return new SchemaState.Empty();
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "select max(version::integer) from "
                  + HISTORY
                  + " where success and version is not null")) {
        int found = row.next() ? row.getInt(1) : 0;
        return found == 0 ? new SchemaState.Empty() : compare(found);
      }
    }
  }

  private static SchemaState compare(int found) {
    if (found == VERSION) {
      return new SchemaState.Ready(found);
    }
    return found > VERSION ? new SchemaState.Newer(found) : new SchemaState.Older(found, VERSION);
  }

  /**
   * May this connection's role change the schema, by right, by ownership or by making itself a role
   * that may? A plane whose role may do so refuses to start.
   */
  public static boolean mayDoDdl(Connection connection) throws SQLException {
    String sql =
        """
        select (select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user)
            or pg_has_role((select datdba from pg_database where datname = current_database()), 'member')
            or has_database_privilege(current_database(), 'create')
            or has_schema_privilege('public', 'create')
            or exists (select from pg_class where relnamespace = 'public'::regnamespace and pg_has_role(relowner, 'member'))
            or exists (select from pg_proc where pronamespace = 'public'::regnamespace and pg_has_role(proowner, 'member'))
        """;
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      return answer.next() && answer.getBoolean(1);
    }
  }
}
