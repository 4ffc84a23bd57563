package manycast.control.events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The event log backwards, as one account looks through it. */
@Repository
public class EventHistory {
  private static final String COLUMNS =
      "select xact::text::bigint as position_xact, seq, type, account_id, stream_id, broadcast_id,"
          + " destination_id, node_id, data::text, occurred_at from event";

  /**
   * Which events.
   *
   * @param types never empty
   * @param streamId null for those of any stream and of none
   * @param destinationId null for any; the stream is then given too, for it is what is looked up
   * @param from the earliest moment; null for no bound
   * @param to the first moment that is too late; null for no bound
   */
  public record Filter(
      Collection<String> types,
      @Nullable UUID streamId,
      @Nullable UUID destinationId,
      @Nullable Instant from,
      @Nullable Instant to) {}

  private final JdbcClient jdbc;

  EventHistory(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * At most that many of the account's events, newest first.
   *
   * @param before the event that they come before in the log; null for the newest
   */
  @Transactional(readOnly = true)
  public List<Event> before(
      UUID accountId, Filter filter, @Nullable EventPosition before, int limit) {
    // The order names the columns of the table: a bare xact would be the number that is selected.
    var sql = new StringBuilder(COLUMNS);
    sql.append(" where account_id = :account and type in (:types)");
    if (filter.streamId() != null) {
      sql.append(" and stream_id = :stream");
    }
    if (filter.destinationId() != null) {
      sql.append(" and destination_id = :destination");
    }
    if (filter.from() != null) {
      sql.append(" and occurred_at >= :from");
    }
    if (filter.to() != null) {
      sql.append(" and occurred_at < :to");
    }
    if (before != null) {
      sql.append(" and (event.xact, event.seq) < (:xact::text::xid8, :seq)");
    }
    sql.append(" order by event.xact desc, event.seq desc limit :limit");
    JdbcClient.StatementSpec statement =
        jdbc.sql(sql.toString())
            .param("account", accountId)
            .param("types", filter.types())
            .param("limit", limit);
    if (filter.streamId() != null) {
      statement = statement.param("stream", filter.streamId());
    }
    if (filter.destinationId() != null) {
      statement = statement.param("destination", filter.destinationId());
    }
    if (filter.from() != null) {
      statement = statement.param("from", filter.from().atOffset(ZoneOffset.UTC));
    }
    if (filter.to() != null) {
      statement = statement.param("to", filter.to().atOffset(ZoneOffset.UTC));
    }
    if (before != null) {
      statement = statement.param("xact", Long.toString(before.xact())).param("seq", before.seq());
    }
    return statement.query(EventHistory::event).list();
  }

  private static Event event(ResultSet row, int number) throws SQLException {
    return new Event(
        new EventPosition(row.getLong(1), row.getLong(2)),
        row.getString(3),
        row.getObject(4, UUID.class),
        row.getObject(5, UUID.class),
        row.getObject(6, UUID.class),
        row.getObject(7, UUID.class),
        row.getString(8),
        row.getString(9),
        row.getObject(10, OffsetDateTime.class).toInstant());
  }
}
