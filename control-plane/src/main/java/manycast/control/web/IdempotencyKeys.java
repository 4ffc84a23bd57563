package manycast.control.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import manycast.control.database.Chore;
import manycast.db.keys.Sealer;
import manycast.db.keys.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The answers already given to an Idempotency-Key, kept sealed for 24 hours: they may hold secrets.
 */
@Component
class IdempotencyKeys implements Chore {
  /** No call takes this long: one still running then was cut off with its process. */
  private static final int ABANDONED_SECONDS = 60;

  /** Whose key it is, and of which call. */
  record Slot(UUID accountId, UUID tokenId, String route, String key) {
    private byte[] associated() {
      return (accountId + "\n" + tokenId + "\n" + route + "\n" + key)
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /** What a key stands for. */
  sealed interface Found {
    /** Ours to answer now. */
    record Taken() implements Found {}

    /** Another call with it runs. */
    record Running() implements Found {}

    /** It came with another body before. */
    record OtherBody() implements Found {}

    /** The first answer. */
    record Answered(Answer answer) implements Found {}
  }

  /** An answer as it was given. */
  record Answer(int status, byte[] body, @Nullable String location) {}

  private final JdbcClient jdbc;
  private final Sealer sealer;

  IdempotencyKeys(JdbcClient jdbc, SecretKey secretKey) {
    this.jdbc = jdbc;
    this.sealer = new Sealer(secretKey.derive("idempotency"));
  }

  /**
   * Takes the key for the call, or tells what it stands for. One of several calls at once takes it.
   */
  Found take(Slot slot, byte[] bodyHash) {
    int taken =
        slot(
                jdbc.sql(
                    "insert into idempotency_key (account_id, token_id, route, key, body_hash)"
                        + " values (:account, :token, :route, :key, :hash)"
                        + " on conflict (account_id, token_id, route, key) do update"
                        + " set body_hash = excluded.body_hash, status = null, sealed_body = null, location = null,"
                        + " created_at = now() where idempotency_key.created_at < now() - interval '24 hours'"
                        + " or idempotency_key.status is null and idempotency_key.created_at < now() - interval '"
                        + ABANDONED_SECONDS
                        + " seconds'"),
                slot)
            .param("hash", bodyHash)
            .update();
    if (taken == 1) {
      return new Found.Taken();
    }
    return find(slot, bodyHash).orElseGet(Found.Running::new);
  }

  private Optional<Found> find(Slot slot, byte[] bodyHash) {
    return slot(
            jdbc.sql(
                "select body_hash, status, sealed_body, location from idempotency_key"
                    + " where account_id = :account and token_id = :token and route = :route and key = :key"),
            slot)
        .query(
            (row, _) -> {
              if (!MessageDigest.isEqual(bodyHash, row.getBytes(1))) {
                return (Found) new Found.OtherBody();
              }
              int status = row.getInt(2);
              if (row.wasNull()) {
                return new Found.Running();
              }
              byte[] body = sealer.open(row.getBytes(3), slot.associated());
              return new Found.Answered(new Answer(status, body, row.getString(4)));
            })
        .optional();
  }

  void answered(Slot slot, Answer answer) {
    slot(
            jdbc.sql(
                "update idempotency_key set status = :status, sealed_body = :body, location = :location"
                    + " where account_id = :account and token_id = :token and route = :route and key = :key"),
            slot)
        .param("status", answer.status())
        .param("body", sealer.seal(answer.body(), slot.associated()))
        .param("location", answer.location())
        .update();
  }

  /** The call led to nothing that is worth repeating: the key is free again. */
  void release(Slot slot) {
    slot(
            jdbc.sql(
                "delete from idempotency_key"
                    + " where account_id = :account and token_id = :token and route = :route and key = :key"),
            slot)
        .update();
  }

  private static JdbcClient.StatementSpec slot(JdbcClient.StatementSpec statement, Slot slot) {
    return statement
        .param("account", slot.accountId())
        .param("token", slot.tokenId())
        .param("route", slot.route())
        .param("key", slot.key());
  }

  @Override
  public Duration period() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    jdbc.sql("delete from idempotency_key where created_at < now() - interval '24 hours'").update();
  }
}
