package manycast.control.signin;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.Member;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sign-ins in table {@code web_session}, each a small JSON record of our own: any control plane, of
 * this version or the next, reads what another one wrote. A session ends 30 days after it was last
 * seen.
 */
@Repository
public class Sessions {
  static final Duration LIFETIME = Duration.ofDays(30);

  /**
   * How exactly the database knows when a session was last seen: a write per request would serve
   * nobody.
   */
  private static final Duration SEEN_EVERY = Duration.ofMinutes(5);

  /**
   * What is kept of a sign-in: the account it is about, and where it came from, for the eyes of its
   * owner.
   */
  record Data(UUID accountId, String remoteAddress, String browser) {}

  private record Row(UUID userId, String data, Instant lastSeenAt) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final AccountService accounts;

  Sessions(JdbcClient jdbc, JsonMapper json, AccountService accounts) {
    this.jdbc = jdbc;
    this.json = json;
    this.accounts = accounts;
  }

  /** Signs the member in. */
  SessionId start(Member member, String remoteAddress, String browser) {
    SessionId id = SessionId.random();
    var data =
        new Data(
            member.accountId(),
            remoteAddress,
            browser.substring(0, Math.min(200, browser.length())));
    jdbc.sql(
            "insert into web_session (id_hash, user_id, data, expires_at)"
                + " values (:hash, :user, cast(:data as jsonb), :expires)")
        .param("hash", id.hash())
        .param("user", member.userId())
        .param("data", json.writeValueAsString(data))
        .param("expires", Timestamp.from(Instant.now().plus(LIFETIME)))
        .update();
    return id;
  }

  /**
   * Whose session this is, with role and account of this moment; empty when it was ended, has run
   * out, or its user has left the account.
   */
  public Optional<SignedIn> find(SessionId id) {
    return jdbc.sql(
            "select user_id, data, last_seen_at from web_session where id_hash = :hash and expires_at > now()")
        .param("hash", id.hash())
        .query(
            (r, n) ->
                new Row(r.getObject(1, UUID.class), r.getString(2), r.getTimestamp(3).toInstant()))
        .optional()
        .flatMap(row -> signedIn(id, row));
  }

  private Optional<SignedIn> signedIn(SessionId id, Row row) {
    if (row.lastSeenAt().isBefore(Instant.now().minus(SEEN_EVERY))) {
      seen(id);
    }
    Data data = json.readValue(row.data(), Data.class);
    return accounts
        .member(data.accountId(), row.userId())
        .map(member -> new SignedIn(member, accounts.name(member.accountId()), id));
  }

  private void seen(SessionId id) {
    jdbc.sql(
            "update web_session set last_seen_at = now(), expires_at = :expires where id_hash = :hash")
        .param("expires", Timestamp.from(Instant.now().plus(LIFETIME)))
        .param("hash", id.hash())
        .update();
  }

  /** Ends it; an event stream that was opened with it ends within five seconds. */
  void end(SessionId id) {
    jdbc.sql("delete from web_session where id_hash = :hash").param("hash", id.hash()).update();
  }
}
