package manycast.db.events;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the event log forward. Only events below the oldest running transaction are read: above it,
 * one that sorts before an event already seen could still be committed. Stateless; for any role
 * that may select.
 */
public final class EventReader {
  // In "order by" the bare name xact would be the number that is selected, which no index has in
  // order.
  private static final String BELOW_RUNNING = "xact < pg_snapshot_xmin(pg_current_snapshot())";

  private static final String COLUMNS =
      "xact::text::bigint, seq, type, account_id, stream_id, broadcast_id, destination_id, node_id,"
          + " data::text, occurred_at, event_channel(type)";

  /** Events, and how far the log was read for them. */
  record Page(List<Event> events, EventPosition reached, boolean full) {}

  /** The next events after {@code position}, at most {@code limit}, in order. */
  public List<Event> readAfter(Connection connection, EventPosition position, int limit)
      throws SQLException {
    return readPage(connection, position, limit, null).events();
  }

  /**
   * The position of the last event that may be read now; {@link EventPosition#START} when there is
   * none.
   */
  public EventPosition head(Connection connection) throws SQLException {
    EventPosition last =
        one(
            connection,
            "select xact::text::bigint, seq from event where "
                + BELOW_RUNNING
                + " order by event.xact desc, event.seq desc limit 1");
    return last == null ? EventPosition.START : last;
  }

  /**
   * The position of the oldest event that is kept, null when there is none. A reader whose own
   * position is before it, or after {@link #head}, has lost its place.
   */
  public @Nullable EventPosition oldest(Connection connection) throws SQLException {
    return one(
        connection,
        "select xact::text::bigint, seq from event order by event.xact, event.seq limit 1");
  }

  /** Looks at the next {@code limit} events and keeps those of the channels; null means all. */
  Page readPage(
      Connection connection, EventPosition position, int limit, @Nullable Set<String> channels)
      throws SQLException {
    String sql =
        "select "
            + COLUMNS
            + " from event where (xact, seq) > (?::text::xid8, ?) and "
            + BELOW_RUNNING
            + " order by event.xact, event.seq limit ?";
    List<Event> events = new ArrayList<>();
    EventPosition reached = position;
    int rows = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, Long.toString(position.xact()));
      statement.setLong(2, position.seq());
      statement.setInt(3, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows++;
          reached = new EventPosition(row.getLong(1), row.getLong(2));
          if (channels == null || channels.contains(row.getString(11))) {
            events.add(event(row, reached));
          }
        }
      }
    }
    return new Page(events, reached, rows == limit);
  }

  private static Event event(ResultSet row, EventPosition position) throws SQLException {
    return new Event(
        position,
        row.getString(3),
        row.getObject(4, UUID.class),
        row.getObject(5, UUID.class),
        row.getObject(6, UUID.class),
        row.getObject(7, UUID.class),
        row.getString(8),
        row.getString(9),
        row.getObject(10, OffsetDateTime.class).toInstant());
  }

  private static @Nullable EventPosition one(Connection connection, String sql)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? new EventPosition(row.getLong(1), row.getLong(2)) : null;
    }
  }
}
