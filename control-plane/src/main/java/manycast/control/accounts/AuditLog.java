package manycast.control.accounts;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who did what: rows are only added, in the transaction of the deed. Details never hold a secret.
 */
@Component
public class AuditLog {
  private final JdbcClient jdbc;
  private final JsonMapper json;

  AuditLog(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Tells that the actor did it; actions are words such as {@code stream.key_rotated}. */
  public void record(Actor actor, String action, Map<String, ?> detail) {
    record(actor.accountId(), actor.userId(), action, detail);
  }

  /** As above where the account or the user is not known, as for a failed sign-in. */
  public void record(
      @Nullable UUID accountId, @Nullable UUID userId, String action, Map<String, ?> detail) {
    jdbc.sql(
            "insert into audit_log (id, account_id, user_id, action, detail)"
                + " values (:id, :account, :user, :action, cast(:detail as jsonb))")
        .param("id", UuidCreator.getTimeOrderedEpoch())
        .param("account", accountId)
        .param("user", userId)
        .param("action", action)
        .param("detail", json.writeValueAsString(detail))
        .update();
  }
}
