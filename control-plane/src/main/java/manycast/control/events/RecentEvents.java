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

  /** Those of one broadcast, oldest first; of too many the newest. */
  @Transactional(readOnly = true)
  public List<Line> ofBroadcast(UUID accountId, UUID streamId, UUID broadcastId, int limit) {
    return jdbc.sql(
            "select type, destination_id, node_id, data::text, occurred_at from event where stream_id = :stream"
                + " and account_id = :account and broadcast_id = :broadcast and type <> 'destination.connecting'"
                + " order by xact desc, seq desc limit :limit")
        .param("stream", streamId)
        .param("account", accountId)
        .param("broadcast", broadcastId)
        .param("limit", limit)
        .query(this::line)
        .list()
        .reversed();
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
