package manycast.db.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import manycast.db.events.EventReader;
import manycast.db.schema.SchemaCheck;
import manycast.db.schema.SchemaState;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.Test;

class MigrateIT {
  private static final Migrate.Result FIRST =
      new Migrate.Result(SchemaCheck.VERSION + 1, SchemaCheck.VERSION, 0);

  /** Only the grants, which are applied anew every time. */
  private static final Migrate.Result AGAIN = new Migrate.Result(1, SchemaCheck.VERSION, 0);

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  private static void emit(TestDatabase database, String data) {
    database.execute(
        "select emit_event('stream.updated', null, null, null, null, null, '" + data + "')");
  }

  @Test
  void migratesAnEmptyDatabaseAndOnlyGrantsTheSecondTime() throws Exception {
    try (TestDatabase database = TestDatabase.createEmpty()) {
      try (Connection media = database.media()) {
        assertThat(SchemaCheck.inspect(media)).isEqualTo(new SchemaState.Empty());
      }
      assertThat(database.migrate()).isEqualTo(FIRST);
      assertThat(database.migrate()).isEqualTo(AGAIN);
      try (Connection media = database.media();
          Connection control = database.control()) {
        SchemaState ready = new SchemaState.Ready(SchemaCheck.VERSION);
        assertThat(SchemaCheck.inspect(media)).isEqualTo(ready);
        assertThat(SchemaCheck.inspect(control)).isEqualTo(ready);
      }
    }
  }

  @Test
  void givesBackGrantsThatSomebodyTookAndTakesWhatSomebodyGave() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute("revoke select on stream from manycast_media");
      database.execute("grant select on app_user to manycast_media");
      database.execute("grant update on broadcast to manycast_media");
      database.migrate();
      try (Connection media = database.media()) {
        assertThat(
                query(
                    media,
                    """
                    select concat_ws(' ', has_table_privilege('stream', 'select'),
                      has_table_privilege('app_user', 'select'),
                      has_column_privilege('broadcast', 'epoch', 'update'))
                    """))
            .isEqualTo("t f f");
      }
    }
  }

  @Test
  void twoAtOnceDoItOnce() throws Exception {
    try (TestDatabase database = TestDatabase.createEmpty();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Migrate.Result>> both =
          Stream.generate(() -> threads.submit(database::migrate)).limit(2).toList();
      assertThat(List.of(both.get(0).get(), both.get(1).get()))
          .containsExactlyInAnyOrder(FIRST, AGAIN);
    }
  }

  @Test
  void manyAtOnceOnDifferentDatabasesOfOneServerShareTheRoles() throws Exception {
    List<TestDatabase> databases = Stream.generate(TestDatabase::createEmpty).limit(4).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Migrate.Result>> all =
          databases.stream().map(database -> threads.submit(database::migrate)).toList();
      for (Future<Migrate.Result> one : all) {
        assertThat(one.get()).isEqualTo(FIRST);
      }
    } finally {
      databases.forEach(TestDatabase::close);
    }
  }

  @Test
  void needsNoSuperuserButAnOwnerWhoMayMakeRoles() throws Exception {
    try (TestDatabase server = TestDatabase.createBare()) {
      server.execute("create role hosted_owner login createrole password 'hosted'");
      server.execute("create database hosted owner hosted_owner");
      String url = server.url().replaceFirst("/[^/]*$", "/hosted");
      Migrate migrate =
          new Migrate(
              new Migrate.Owner(url, "hosted_owner", "hosted"),
              new Migrate.PlanePasswords("control", "media"));
      assertThat(migrate.run()).isEqualTo(FIRST);
      assertThat(migrate.run()).isEqualTo(AGAIN);
      try (Connection control = DriverManager.getConnection(url, TestDatabase.CONTROL, "control");
          Connection media = DriverManager.getConnection(url, TestDatabase.MEDIA, "media");
          Connection owner = DriverManager.getConnection(url, "hosted_owner", "hosted")) {
        assertThat(SchemaCheck.mayDoDdl(control)).isFalse();
        assertThat(SchemaCheck.mayDoDdl(media)).isFalse();
        assertThat(SchemaCheck.mayDoDdl(owner)).isTrue();
        assertThat(SchemaCheck.inspect(media))
            .isEqualTo(new SchemaState.Ready(SchemaCheck.VERSION));
        assertThat(query(control, "select count(*) from event")).isEqualTo("0");
      }
    }
  }

  @Test
  void setsNewPasswordsAndSendsOnlyTheirVerifiers() throws Exception {
    try (TestDatabase server = TestDatabase.createBare()) {
      server.execute("alter system set log_statement = 'all'");
      server.execute("select pg_reload_conf()");
      for (String password : List.of("first-planted-secret", "second-planted-secret")) {
        new Migrate(
                new Migrate.Owner(server.url(), TestDatabase.OWNER, server.ownerPassword()),
                new Migrate.PlanePasswords(password, password))
            .run();
        DriverManager.getConnection(server.url(), TestDatabase.CONTROL, password).close();
        DriverManager.getConnection(server.url(), TestDatabase.MEDIA, password).close();
      }
      assertThat(server.log()).contains("manycast_media").doesNotContain("planted-secret");
    }
  }

  @Test
  void refusesARoleThatMayMoreThanAPlane() throws Exception {
    try (TestDatabase server = TestDatabase.createBare()) {
      server.execute("create role manycast_media login createdb");
      assertThatThrownBy(server::migrate)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("role manycast_media exists and may do more");
    }
  }

  @Test
  void leavesANewerDatabaseAlone() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "update flyway_schema_history set version = '9999' where version = (select max(version) from flyway_schema_history)");
      assertThatThrownBy(database::migrate)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("schema version 9999, newer than this program knows");
      try (Connection media = database.media()) {
        assertThat(SchemaCheck.inspect(media)).isEqualTo(new SchemaState.Newer(9999));
      }
    }
  }

  @Test
  void aPlaneKnowsAnOlderDatabase() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "delete from flyway_schema_history where version = (select max(version) from flyway_schema_history)");
      try (Connection control = database.control()) {
        assertThat(SchemaCheck.inspect(control))
            .isEqualTo(new SchemaState.Older(SchemaCheck.VERSION - 1, SchemaCheck.VERSION));
      }
    }
  }

  @Test
  void takesARestoredLogIntoThisServersNumbering() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      for (String data : List.of("1", "2", "3")) {
        emit(database, data);
      }
      // As a dump brings it from a server that has counted further.
      database.execute("update event set xact = (xact::text::bigint + 1000000)::text::xid8");
      EventReader reader = new EventReader();
      try (Connection media = database.media()) {
        assertThat(reader.readAfter(media, EventPosition.START, 10)).isEmpty();
        EventPosition heldByAReader = reader.oldest(media);
        assertThat(database.migrate().restoredEvents()).isEqualTo(3);
        emit(database, "4");
        assertThat(reader.readAfter(media, EventPosition.START, 10).stream().map(Event::dataJson))
            .containsExactly("1", "2", "3", "4");
        assertThat(heldByAReader).isGreaterThan(reader.head(media));
      }
      assertThat(database.migrate().restoredEvents()).isZero();
    }
  }

  @Test
  void leavesItsOwnLogAlone() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Connection media = database.media()) {
      emit(database, "1");
      EventPosition before = new EventReader().head(media);
      assertThat(database.migrate().restoredEvents()).isZero();
      assertThat(new EventReader().head(media)).isEqualTo(before);
    }
  }
}
