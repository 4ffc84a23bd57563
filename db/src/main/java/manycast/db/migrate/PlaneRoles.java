package manycast.db.migrate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * The two roles that the planes connect as. Roles belong to the whole server, not to one database.
 */
final class PlaneRoles {
  static final String CONTROL = "manycast_control";
  static final String MEDIA = "manycast_media";
  static final List<String> ALL = List.of(CONTROL, MEDIA);

  private static final String DUPLICATE_OBJECT = "42710";
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String INTERNAL_ERROR = "XX000";
  private static final int ATTEMPTS = 5;

  private PlaneRoles() {}

  /** Makes the role when it is absent, and sets its limits. */
  static void ensure(Connection connection, String role) throws SQLException {
    try {
      if (!exists(connection, role)) {
        execute(
            connection,
            "create role "
                + role
                + " login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls");
      }
    } catch (SQLException e) {
      // A migration of another database on this server was quicker.
      if (!DUPLICATE_OBJECT.equals(e.getSQLState()) && !UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
    }
    refuseMighty(connection, role);
    repeatedly(
        () -> {
          execute(connection, "alter role " + role + " login noinherit");
          execute(connection, "alter role " + role + " set statement_timeout = '5s'");
          execute(
              connection, "alter role " + role + " set idle_in_transaction_session_timeout = '5s'");
        });
  }

  /** Sets the password; only its SCRAM verifier is sent, so that no server's log can hold it. */
  static void setPassword(Connection connection, String role, String password) throws SQLException {
    repeatedly(
        () ->
            connection
                .unwrap(PGConnection.class)
                .alterUserPassword(role, password.toCharArray(), "scram-sha-256"));
  }

  private static boolean exists(Connection connection, String role) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select from pg_roles where rolname = ?")) {
      statement.setString(1, role);
      try (ResultSet found = statement.executeQuery()) {
        return found.next();
      }
    }
  }

  /** Somebody may have made the role before us, with more than a plane may have. */
  private static void refuseMighty(Connection connection, String role) throws SQLException {
    String sql =
        """
        select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls
            or exists (select from pg_auth_members where member = r.oid)
        from pg_roles r where rolname = ?
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, role);
      try (ResultSet answer = statement.executeQuery()) {
        if (answer.next() && answer.getBoolean(1)) {
          throw new SQLException(
              "role %s exists and may do more than a plane may: take its attributes and memberships away"
                  .formatted(role));
        }
      }
    }
  }

  private interface Change {
    void make() throws SQLException;
  }

  /** Two at once on one role: PostgreSQL answers one of them "tuple concurrently updated". */
  private static void repeatedly(Change change) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        change.make();
        return;
      } catch (SQLException e) {
        if (!INTERNAL_ERROR.equals(e.getSQLState()) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
