package manycast.control.signin;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** One-time sign-in links, made on the machine itself through the database and used up here. */
@Repository
class SignInLinks {
  /**
   * What a link was made for.
   *
   * @param path the page it opens, on this site
   */
  record Link(UUID userId, String path) {}

  private final JdbcClient jdbc;

  SignInLinks(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Uses the link up; empty when it is unknown, was used or has run out. Of two at once, one gets
   * it.
   */
  Optional<Link> use(String token) {
    return jdbc.sql(
            "update sign_in_link set used_at = now() where token_hash = :hash and used_at is null and expires_at > now()"
                + " returning user_id, path")
        .param("hash", SessionId.sha256(token))
        .query((r, n) -> new Link(r.getObject(1, UUID.class), r.getString(2)))
        .optional();
  }
}
