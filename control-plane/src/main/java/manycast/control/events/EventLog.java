package manycast.control.events;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import manycast.db.events.EventReader;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** The event log as one account may read it. */
@Repository
class EventLog {
  private static final String COLUMNS =
      "select xact::text::bigint, seq, type, account_id, stream_id, broadcast_id, destination_id,"
          + " node_id, data::text, occurred_at ";

  /**
   * Only below the oldest running transaction: above it, one that sorts before an event already
   * seen may still commit.
   */
  private static final String AFTER =
      " and (xact, seq) > (?::text::xid8, ?) and xact < pg_snapshot_xmin(pg_current_snapshot()) ";

  /** In "order by" the bare name xact would be the number that is selected, not the index's. */
  static final String READ =
      COLUMNS
          + "from event where account_id = ?"
          + AFTER
          + "order by event.xact, event.seq limit ?";

  /**
   * Two scans, each in the order of the index: an "or" would have all of the log read and sorted.
   * Where the account is null the index is known to be in order only if the order names it.
   */
  static final String READ_WITH_NODES =
      COLUMNS
          + "from ((select * from event where account_id = ?"
          + AFTER
          + "order by xact, seq limit ?) union all (select * from event where account_id is null"
          + AFTER
          + "order by account_id, xact, seq limit ?)) e order by e.xact, e.seq limit ?";

  private final DataSource dataSource;
  private final EventReader reader = new EventReader();

  EventLog(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** The account's events after the position, with those of nodes where wanted, in order. */
  List<Event> after(UUID accountId, boolean nodesToo, EventPosition position, int limit)
      throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(nodesToo ? READ_WITH_NODES : READ)) {
      String xact = Long.toString(position.xact());
      statement.setObject(1, accountId);
      statement.setString(2, xact);
      statement.setLong(3, position.seq());
      statement.setInt(4, limit);
      if (nodesToo) {
        statement.setString(5, xact);
        statement.setLong(6, position.seq());
        statement.setInt(7, limit);
        statement.setInt(8, limit);
      }
      var events = new ArrayList<Event>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          events.add(event(row));
        }
      }
      return events;
    }
  }

  /** Where a reader that wants only what is to come begins. */
  EventPosition head() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return reader.head(connection);
    }
  }

  /**
   * Whether everything after the position is still there: it is neither older than what is kept nor
   * from elsewhere.
   */
  boolean reaches(EventPosition position) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      EventPosition oldest = reader.oldest(connection);
      return oldest != null
          && !oldest.isAfter(position)
          && !position.isAfter(reader.head(connection));
    }
  }

  private static Event event(ResultSet row) throws SQLException {
    @Nullable UUID accountId = row.getObject(4, UUID.class);
    return new Event(
        new EventPosition(row.getLong(1), row.getLong(2)),
        row.getString(3),
        accountId,
        row.getObject(5, UUID.class),
        row.getObject(6, UUID.class),
        row.getObject(7, UUID.class),
        row.getString(8),
        row.getString(9),
        row.getObject(10, OffsetDateTime.class).toInstant());
  }
}
