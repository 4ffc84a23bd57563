package manycast.control.streams;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Publishes that media nodes turned away although their key names a stream; read only. */
@Repository
public class PublishRefusals {
  /**
   * One of them.
   *
   * @param reason {@code retired_key}, {@code disabled}, {@code in_use}, {@code stopped} or {@code
   *     limit}
   * @param keyFingerprint of the key that was used
   */
  public record Refusal(
      String reason, String keyFingerprint, String remoteAddress, Instant occurredAt) {}

  private final JdbcClient jdbc;

  PublishRefusals(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** At most that many since then, newest first; the caller has made sure whose the stream is. */
  @Transactional(readOnly = true)
  public List<Refusal> since(UUID streamId, Instant since, int limit) {
    return jdbc.sql(
            "select reason, key_fingerprint, host(remote_address), occurred_at from publish_refusal"
                + " where stream_id = :stream and occurred_at > cast(:since as timestamptz)"
                + " order by occurred_at desc limit :limit")
        .param("stream", streamId)
        .param("since", since.toString())
        .param("limit", limit)
        .query(
            (r, n) ->
                new Refusal(
                    r.getString(1), r.getString(2), r.getString(3), r.getTimestamp(4).toInstant()))
        .list();
  }
}
