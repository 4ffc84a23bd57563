package manycast.db.migrate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import manycast.db.schema.SchemaCheck;
import manycast.db.schema.SchemaState;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database to this program's schema: makes the planes' roles and sets their passwords,
 * runs the migrations that are missing, applies the grants anew, and takes a restored event log
 * into this server's numbering. May be repeated, and run twice at once. Needs the database's owner,
 * who may make roles; no superuser.
 */
public final class Migrate {
  private static final Logger log = LoggerFactory.getLogger(Migrate.class);

  /** Any number, the same in every version of this program. */
  private static final long LOCK = 0x6d616e7963617374L;

  private static final int OLDEST_SERVER = 150000;

  /**
   * The database and who migrates it. Prints without passwords.
   *
   * @param url JDBC URL
   * @param user the owner
   */
  public record Owner(String url, String user, String password) {
    @Override
    public String toString() {
      return user + "@" + url.replaceFirst("\\?.*", "");
    }
  }

  /** The passwords to set on the planes' roles. Prints as dots. */
  public record PlanePasswords(String control, String media) {
    @Override
    public String toString() {
      return "••••••••";
    }
  }

  /**
   * What was done.
   *
   * @param migrations how many were applied; 0 when the schema was up to date
   * @param version the schema's version now
   * @param restoredEvents how many events of a restored dump were renumbered
   */
  public record Result(int migrations, int version, long restoredEvents) {}

  private final Owner owner;
  private final PlanePasswords passwords;

  public Migrate(Owner owner, PlanePasswords passwords) {
    this.owner = owner;
    this.passwords = passwords;
  }

  /**
   * @throws SQLException with a message to print as it is, when the database cannot be migrated
   */
  public Result run() throws SQLException {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(owner.url());
    database.setUser(owner.user());
    database.setPassword(owner.password());
    database.setApplicationName("manycast migrate");
    // Held by its own connection until that closes: a second migrate waits here.
    try (Connection connection = database.getConnection()) {
      lock(connection);
      refuseOldServer(connection);
      if (SchemaCheck.inspect(connection) instanceof SchemaState.Newer newer) {
        throw new SQLException(newer.explanation());
      }
      for (String role : PlaneRoles.ALL) {
        PlaneRoles.ensure(connection, role);
      }
      PlaneRoles.setPassword(connection, PlaneRoles.CONTROL, passwords.control());
      PlaneRoles.setPassword(connection, PlaneRoles.MEDIA, passwords.media());
      int migrations = migrate(database);
      restrictDatabase(connection);
      return new Result(migrations, SchemaCheck.VERSION, RestoredLog.adopt(connection));
    }
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_lock(" + LOCK + ")");
    }
  }

  private static void refuseOldServer(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet version = statement.executeQuery("show server_version_num")) {
      if (version.next() && version.getInt(1) < OLDEST_SERVER) {
        throw new SQLException(
            "PostgreSQL %d is too old: 15 or newer is needed".formatted(version.getInt(1) / 10000));
      }
    }
  }

  private static int migrate(PGSimpleDataSource database) throws SQLException {
    try {
      return Flyway.configure(Migrate.class.getClassLoader())
          .dataSource(database)
          .locations("classpath:db/migration")
          .defaultSchema("public")
          .createSchemas(false)
          // All or nothing: a plane never sees tables without their grants.
          .group(true)
          // Alters the text of the grants, for which they are applied anew.
          .placeholders(Map.of("run", UUID.randomUUID().toString()))
          .load()
          .migrate()
          .migrationsExecuted;
    } catch (FlywayException e) {
      log.debug("Flyway failed", e);
      throw new SQLException("the migration failed and nothing was changed: " + e.getMessage(), e);
    }
  }

  /**
   * The grants that belong to the database itself and not to anything in it; a copy made with
   * {@code create database … template} does not have them.
   */
  public static void restrictDatabase(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          do $$ begin
            execute format('revoke temporary on database %I from public', current_database());
            execute format('grant connect on database %I to manycast_control, manycast_media', current_database());
          end $$
          """);
    }
  }
}
