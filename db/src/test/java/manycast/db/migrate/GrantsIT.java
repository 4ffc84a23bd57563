package manycast.db.migrate;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import manycast.db.schema.SchemaCheck;
import manycast.db.testing.Fixture;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each plane's role may and may not do, tried as that role. */
class GrantsIT {
  private static final String DENIED = "42501";

  private static final TestDatabase DATABASE = TestDatabase.create();

  private static final Set<String> ACCOUNT_TABLES =
      Set.of(
          "account",
          "app_user",
          "membership",
          "web_session",
          "sign_in_link",
          "api_token",
          "idempotency_key",
          "audit_log");
  private static final Set<String> CONFIGURATION = Set.of("stream", "stream_key", "destination");
  private static final Set<String> LIVE_STATE =
      Set.of("node", "broadcast", "relay", "publish_refusal", "sample");
  private static final Set<String> LOGS = Set.of("event", "process_key", "flyway_schema_history");

  /**
   * Table, role, and what of select, insert, update, delete and truncate the role may do to all of
   * it.
   */
  record Rights(String table, String role, Set<String> allowed) {}

  @BeforeAll
  static void someRows() {
    new Fixture(DATABASE).account();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  static Stream<Rights> rights() {
    Set<String> all = Set.of("select", "insert", "update", "delete");
    Stream.Builder<Rights> rights = Stream.builder();
    for (String table : ACCOUNT_TABLES) {
      rights.add(new Rights(table, TestDatabase.MEDIA, Set.of()));
      rights.add(
          new Rights(
              table,
              TestDatabase.CONTROL,
              switch (table) {
                case "sign_in_link" -> Set.of("select", "update", "delete");
                case "audit_log" -> Set.of("select", "insert");
                default -> all;
              }));
    }
    for (String table : CONFIGURATION) {
      rights.add(new Rights(table, TestDatabase.MEDIA, Set.of("select")));
      rights.add(new Rights(table, TestDatabase.CONTROL, Set.of("select", "insert", "update")));
    }
    for (String table : LIVE_STATE) {
      rights.add(new Rights(table, TestDatabase.CONTROL, Set.of("select")));
      rights.add(
          new Rights(
              table,
              TestDatabase.MEDIA,
              switch (table) {
                case "relay" -> Set.of("select", "insert", "update");
                case "publish_refusal" -> Set.of();
                case "sample" -> Set.of("insert");
                default -> Set.of("select");
              }));
    }
    for (String table : LOGS) {
      rights.add(new Rights(table, TestDatabase.MEDIA, Set.of("select")));
      rights.add(new Rights(table, TestDatabase.CONTROL, Set.of("select")));
    }
    return rights.build();
  }

  @ParameterizedTest
  @MethodSource("rights")
  void aRoleMayDoToATableWhatIsWrittenAndNothingElse(Rights rights) throws SQLException {
    String table = rights.table();
    try (Connection connection = as(rights.role())) {
      String column = aColumn(table);
      assertMay(connection, rights, "select", "select * from " + table + " limit 0");
      assertMay(
          connection,
          rights,
          "insert",
          "insert into %s overriding system value select * from %s where false"
              .formatted(table, source(rights, table)));
      assertMay(
          connection,
          rights,
          "update",
          "update %s set %s = default where false".formatted(table, column));
      assertMay(connection, rights, "delete", "delete from " + table + " where false");
      assertMay(connection, rights, "truncate", "truncate " + table);
    }
  }

  /** Where select is denied too, an insert must fail by itself. */
  private static String source(Rights rights, String table) throws SQLException {
    if (rights.allowed().contains("select")) {
      return table;
    }
    try (Connection owner = DATABASE.owner();
        Statement statement = owner.createStatement();
        var columns =
            statement.executeQuery(
                """
                select string_agg('null::' || format_type(atttypid, null), ', ' order by attnum)
                from pg_attribute where attrelid = '%s'::regclass and attnum > 0 and not attisdropped
                """
                    .formatted(table))) {
      columns.next();
      return "(select " + columns.getString(1) + ") as nothing";
    }
  }

  private static String aColumn(String table) throws SQLException {
    try (Connection owner = DATABASE.owner();
        Statement statement = owner.createStatement();
        var column =
            statement.executeQuery(
                """
                select attname from pg_attribute
                where attrelid = '%s'::regclass and attnum > 0 and attidentity = '' order by attnum limit 1
                """
                    .formatted(table))) {
      column.next();
      return column.getString(1);
    }
  }

  private static void assertMay(Connection connection, Rights rights, String deed, String sql) {
    String expected = rights.allowed().contains(deed) ? "allowed" : "denied";
    assertThat(attempt(connection, sql))
        .as("%s %s %s: %s", rights.role(), deed, rights.table(), sql)
        .isEqualTo(expected);
  }

  @Test
  void everyTableIsInThisTest() throws SQLException {
    Set<String> tested =
        Stream.of(ACCOUNT_TABLES, CONFIGURATION, LIVE_STATE, LOGS)
            .flatMap(Set::stream)
            .collect(toCollection(TreeSet::new));
    Set<String> tables = new TreeSet<>();
    try (Connection owner = DATABASE.owner();
        Statement statement = owner.createStatement();
        var names =
            statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
      while (names.next()) {
        tables.add(names.getString(1));
      }
    }
    assertThat(tables).isEqualTo(tested);
  }

  @Test
  void aNodeWritesOfABroadcastOnlyWhatItSees() throws SQLException {
    try (Connection media = DATABASE.media()) {
      for (String column :
          List.of(
              "state",
              "interruptions",
              "resume_until",
              "grace_reason",
              "protocol",
              "remote_address",
              "encoder",
              "video_codec",
              "width",
              "height",
              "frame_rate",
              "audio_codec")) {
        assertThat(attempt(media, "update broadcast set " + column + " = default where false"))
            .isEqualTo("allowed");
      }
      for (String column :
          List.of(
              "id",
              "account_id",
              "stream_id",
              "epoch",
              "node_id",
              "started_at",
              "ended_at",
              "end_reason",
              "node_grace_seconds",
              "released",
              "owned_since",
              "key_id")) {
        assertThat(attempt(media, "update broadcast set " + column + " = default where false"))
            .isEqualTo("denied");
      }
    }
  }

  @Test
  void aNodeWritesOfItselfOnlyHowItIs() throws SQLException {
    try (Connection media = DATABASE.media()) {
      for (String column :
          List.of(
              "state",
              "heartbeat_at",
              "preview_url",
              "max_broadcasts",
              "cpu_busy",
              "media_bytes",
              "media_bytes_max",
              "egress_bps")) {
        assertThat(attempt(media, "update node set " + column + " = default where false"))
            .isEqualTo("allowed");
      }
      for (String column : List.of("id", "url", "rtmp_url", "started_at", "steady_since")) {
        assertThat(attempt(media, "update node set " + column + " = default where false"))
            .isEqualTo("denied");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table t (i integer)",
        "create temporary table t (i integer)",
        "create schema s",
        "create function f() returns integer language sql return 1",
        "alter table stream add column c integer",
        "drop table relay",
        "create index on event (type)",
        "alter table event disable trigger event_notify",
        "alter table account owner to manycast_control",
        "create role r",
        "create database d",
        "alter role manycast_control superuser",
        "set role manycast_owner",
        "select nextval('broadcast_epoch')",
        "select notify_event()",
        "select server_started_at()",
        "select node_steadiness()",
        "select resume_grace(b) from broadcast b",
      })
  void noPlaneMayDoDdlOrPassForAnother(String sql) throws SQLException {
    for (String role : List.of(TestDatabase.CONTROL, TestDatabase.MEDIA)) {
      try (Connection connection = as(role)) {
        assertThat(attempt(connection, sql)).as("%s: %s", role, sql).isEqualTo("denied");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select register_node('0', 'http://x', 'rtmp://x', 'v')",
        "select claim_broadcast('', gen_random_uuid(), '0', 'rtmp', '127.0.0.1', null)",
        "select end_broadcast(gen_random_uuid(), 1, 'node_lost')",
        "select release_broadcast(gen_random_uuid(), 1, 'node_lost')",
        "select keep_broadcast(gen_random_uuid(), 1, '0', 'live')",
      })
  void theControlPlaneMayNotActForANode(String sql) throws SQLException {
    try (Connection control = DATABASE.control();
        Connection media = DATABASE.media()) {
      assertThat(attempt(control, sql)).isEqualTo("denied");
      assertThat(attempt(media, sql)).isNotEqualTo("denied");
    }
  }

  @Test
  void aNodeEndsNothingThatIsNobodys() throws SQLException {
    String sql = "select end_released(gen_random_uuid(), 'stopped')";
    try (Connection control = DATABASE.control();
        Connection media = DATABASE.media()) {
      assertThat(attempt(control, sql)).isEqualTo("allowed");
      assertThat(attempt(media, sql)).isEqualTo("denied");
    }
  }

  @Test
  void bothPlanesMayCallWhatBothNeed() throws SQLException {
    for (String role : List.of(TestDatabase.CONTROL, TestDatabase.MEDIA)) {
      try (Connection connection = as(role)) {
        assertThat(attempt(connection, "select prune_events()")).isEqualTo("allowed");
        assertThat(attempt(connection, "select keep_sample_partitions()")).isEqualTo("allowed");
        assertThat(attempt(connection, "select reap_lost_nodes(60)")).isEqualTo("allowed");
        assertThat(attempt(connection, "select end_after_grace()")).isEqualTo("allowed");
        assertThat(attempt(connection, "select event_channel('node.up')")).isEqualTo("allowed");
        assertThat(
                attempt(connection, "select register_process_key(decode(repeat('00', 44), 'hex'))"))
            .isEqualTo("allowed");
      }
    }
  }

  @Test
  void theOwnerRunsNoPlane() throws SQLException {
    try (Connection owner = DATABASE.owner()) {
      assertThat(attempt(owner, "select register_process_key(decode(repeat('00', 44), 'hex'))"))
          .isEqualTo("denied");
    }
  }

  @Test
  void eachPlaneTellsOnlyOfWhatIsItsOwn() throws SQLException {
    List<String> ofMedia =
        List.of(
            "broadcast.started",
            "broadcast.interrupted",
            "broadcast.resumed",
            "broadcast.ended",
            "destination.connecting",
            "destination.live",
            "destination.behind",
            "destination.caught_up",
            "destination.retrying",
            "destination.failed",
            "destination.ended",
            "publish.refused",
            "node.up",
            "node.down");
    List<String> ofControl =
        List.of("stream.updated", "destination.updated", "usage.limit_reached", "node.updated");
    try (Connection control = DATABASE.control();
        Connection media = DATABASE.media()) {
      for (String type : ofMedia) {
        assertThat(attempt(media, emit(type))).isEqualTo("allowed");
        assertThat(attempt(control, emit(type))).isEqualTo("denied");
      }
      for (String type : ofControl) {
        assertThat(attempt(control, emit(type))).isEqualTo("allowed");
        assertThat(attempt(media, emit(type))).isEqualTo("denied");
      }
      for (String type : List.of("anything.else", "")) {
        assertThat(attempt(control, emit(type))).isEqualTo("denied");
        assertThat(attempt(media, emit(type))).isEqualTo("denied");
      }
    }
  }

  private static String emit(String type) {
    return "select emit_event('" + type + "', null, null, null, null, null, null)";
  }

  @Test
  void theRoleCheckTellsPlanesFromOwners() throws SQLException {
    try (Connection owner = DATABASE.owner();
        Connection control = DATABASE.control();
        Connection media = DATABASE.media()) {
      assertThat(SchemaCheck.mayDoDdl(owner)).isTrue();
      assertThat(SchemaCheck.mayDoDdl(control)).isFalse();
      assertThat(SchemaCheck.mayDoDdl(media)).isFalse();
    }
  }

  @Test
  void bothRolesGiveUpAfterFiveSeconds() throws SQLException {
    for (String role : List.of(TestDatabase.CONTROL, TestDatabase.MEDIA)) {
      try (Connection connection = as(role);
          Statement statement = connection.createStatement()) {
        for (String setting : List.of("statement_timeout", "idle_in_transaction_session_timeout")) {
          try (var value = statement.executeQuery("show " + setting)) {
            value.next();
            assertThat(value.getString(1)).as("%s of %s", setting, role).isEqualTo("5s");
          }
        }
      }
    }
  }

  private static Connection as(String role) throws SQLException {
    return role.equals(TestDatabase.CONTROL) ? DATABASE.control() : DATABASE.media();
  }

  /** Tries it and takes it back: "allowed", "denied", or the error's own words. */
  private static String attempt(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      // CREATE DATABASE is checked for its privilege only outside of a transaction.
      boolean transaction = !sql.startsWith("create database");
      connection.setAutoCommit(!transaction);
      try {
        statement.execute(sql);
        return "allowed";
      } catch (SQLException e) {
        return DENIED.equals(e.getSQLState()) ? "denied" : String.valueOf(e.getMessage());
      } finally {
        if (transaction) {
          connection.rollback();
        }
      }
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
