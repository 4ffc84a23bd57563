package manycast.control.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A long event log, as one account reads it. */
class EventLogIT {
  private static final UUID ACCOUNT = new UUID(1, 7);
  private static final int PAGE = 100;

  private static TestDatabase database;

  @BeforeAll
  static void fill() {
    database = TestDatabase.create();
    database.execute(
        """
        alter table event disable trigger event_notify;
        insert into event (xact, type, account_id, node_id)
          select (3 + g / 500)::text::xid8, case when g % 50 = 0 then 'node.updated' else 'stream.updated' end,
              case when g % 50 > 0 then ('00000000-0000-0001-0000-0000000000' || to_char(g % 37, 'FM00'))::uuid end, null
            from generate_series(1, 200000) g;
        analyze event;
        """);
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @Test
  void readsAPageOfTheAccountsEventsWithoutReadingTheOthers() throws SQLException {
    List<Event> page = readCheaply(false);

    assertThat(page).hasSize(PAGE).allMatch(event -> ACCOUNT.equals(event.accountId()));
    assertThat(page.stream().map(Event::position).map(EventPosition::toString)).isSorted();
  }

  @Test
  void readsAPageWithThoseOfNodesInOrderWithoutReadingTheOthers() throws SQLException {
    List<Event> page = readCheaply(true);

    assertThat(page).hasSize(PAGE);
    assertThat(page.stream().map(Event::position).map(EventPosition::toString)).isSorted();
    assertThat(page.stream().map(Event::type)).contains("node.updated", "stream.updated");
    assertThat(page)
        .allMatch(event -> event.accountId() == null || ACCOUNT.equals(event.accountId()));
  }

  /** A page from the middle of the log, having looked at few more rows than it has. */
  private static List<Event> readCheaply(boolean nodesToo) throws SQLException {
    try (Connection connection = database.control()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // The plan that a pooled connection keeps, and one whose work is counted here.
        statement.execute("set local plan_cache_mode = force_generic_plan");
        statement.execute("set local max_parallel_workers_per_gather = 0");
        var log = new EventLog(new SingleConnectionDataSource(connection, true));
        List<Event> page = log.after(ACCOUNT, nodesToo, new EventPosition(200, 0), PAGE);
        try (ResultSet row =
            statement.executeQuery(
                "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'event'")) {
          row.next();
          assertThat(row.getLong(1)).as("rows looked at").isLessThan(3 * PAGE);
        }
        return page;
      }
    }
  }
}
