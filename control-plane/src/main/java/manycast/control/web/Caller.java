package manycast.control.web;

import java.util.Set;
import java.util.UUID;
import manycast.control.accounts.Actor;
import manycast.control.accounts.Member;

/**
 * Whom an API call speaks for.
 *
 * @param scopes the token's own, cut to what its maker's present role allows
 */
public record Caller(UUID tokenId, Member member, Set<Scope> scopes) {
  static final String ATTRIBUTE = Caller.class.getName();

  public UUID accountId() {
    return member.accountId();
  }

  public Actor actor() {
    return member.actor();
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }
}
