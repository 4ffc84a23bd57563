package manycast.control.web;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import manycast.control.accounts.Member;
import manycast.control.accounts.Role;

/** What an API token may be used for. */
public enum Scope {
  STREAMS_READ(Role.VIEWER),
  STREAMS_WRITE(Role.MEMBER),
  KEYS_READ(Role.MEMBER),
  EVENTS_READ(Role.VIEWER),
  WEBHOOKS_WRITE(Role.MEMBER),
  USAGE_READ(Role.VIEWER),
  BILLING_WRITE(Role.OWNER),
  TOKENS_WRITE(Role.MEMBER),
  ADMIN(Role.OWNER);

  private final Role least;

  Scope(Role least) {
    this.least = least;
  }

  /** As written in the API, such as {@code streams:read}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  public static Optional<Scope> of(String word) {
    return Stream.of(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }

  /** The most that a token of this user can be used for, by the user's present role. */
  public static Set<Scope> grantableBy(Member member) {
    var scopes = EnumSet.noneOf(Scope.class);
    for (Scope scope : values()) {
      boolean allowed =
          scope == ADMIN ? member.platformAdmin() : member.role().compareTo(scope.least) <= 0;
      if (allowed) {
        scopes.add(scope);
      }
    }
    return scopes;
  }
}
