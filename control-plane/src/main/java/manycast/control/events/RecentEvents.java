package manycast.control.events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The last events of a stream, for people to read. */
@Repository
public class RecentEvents {
  /**
   * One of them; {@code data} is what its writer told beside.
   *
   * @param nodeId the node that it names, where it names one
   */
  public record Line(
      String type,
      @Nullable UUID destinationId,
      @Nullable String nodeId,
      JsonNode data,
      Instant occurredAt) {}

  /**
   * One of a broadcast's.
   *
   * @param times how many alike it stands for: itself, and those before it that are left out
   */
  public record Told(Line line, int times) {}

  private static final int LOOKED_AT = 40_000;

  private final JdbcClient jdbc;
  private final JsonMapper json;

  RecentEvents(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * At most that many, newest first, without attempts that began and without changes of settings.
   */
  @Transactional(readOnly = true)
  public List<Line> of(UUID accountId, UUID streamId, int limit) {
    return jdbc.sql(
            "select type, destination_id, node_id, data::text, occurred_at from event where stream_id = :stream"
                + " and account_id = :account and type not in ('destination.connecting', 'destination.updated', 'stream.updated') order by xact desc, seq desc limit :limit")
        .param("stream", streamId)
        .param("account", accountId)
        .param("limit", limit)
        .query(this::line)
        .list();
  }

  /**
   * Those of one broadcast, oldest first: its own, and its destinations', of either the newest if
   * there are more than that many. Of a destination that is tried again and again the first attempt
   * that failed is told and the last, which counts those between. Only the newest 40,000 are looked
   * at.
   */
  @Transactional(readOnly = true)
  public List<Told> ofBroadcast(UUID accountId, UUID streamId, UUID broadcastId, int limit) {
    return jdbc.sql(
            """
            with told as (
                select xact, seq, type, destination_id, node_id, data, occurred_at, row_number() over its as place,
                  lag(type, 1, '') over its as before, lead(type, 1, '') over its as after
                from (
                    select * from event
                    where stream_id = :stream and account_id = :account and broadcast_id = :broadcast
                      and (type like 'broadcast.%' or destination_id is not null) and type <> 'destination.connecting'
                    order by xact desc, seq desc limit :lookedAt) looked_at
                window its as (partition by destination_id order by xact, seq)),
              changes as (
                select *, place - lag(place, 1, 0) over (partition by destination_id order by place) as times,
                  row_number() over (partition by destination_id is null order by xact desc, seq desc) as newest
                from told where type <> 'destination.retrying' or type <> before or type <> after)
            select type, destination_id, node_id, data::text, occurred_at, times
            from changes where newest <= :limit order by xact, seq
            """)
        .param("stream", streamId)
        .param("account", accountId)
        .param("broadcast", broadcastId)
        .param("limit", limit)
        .param("lookedAt", LOOKED_AT)
        .query((row, number) -> new Told(line(row, number), row.getInt(6)))
        .list();
  }

  private Line line(ResultSet row, int number) throws SQLException {
    return new Line(
        row.getString(1),
        row.getObject(2, UUID.class),
        row.getString(3),
        json.readTree(row.getString(4)),
        row.getTimestamp(5).toInstant());
  }
}
