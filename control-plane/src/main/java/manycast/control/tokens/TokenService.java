package manycast.control.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.Actor;
import manycast.control.accounts.AuditLog;
import manycast.control.accounts.Member;
import manycast.control.input.Faults;
import manycast.control.input.NotFoundException;
import manycast.control.web.Bearers;
import manycast.control.web.Caller;
import manycast.control.web.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * API tokens. Their values are random, 256 bits unless an operator chose one, so a plain SHA-256
 * finds them and tells nothing of them.
 */
@Service
public class TokenService implements Bearers {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration LAST_USED_PRECISION = Duration.ofMinutes(1);

  private final ApiTokens tokens;
  private final AccountService accounts;
  private final AuditLog audit;

  TokenService(ApiTokens tokens, AccountService accounts, AuditLog audit) {
    this.tokens = tokens;
    this.accounts = accounts;
    this.audit = audit;
  }

  /**
   * Makes a token with a fresh value, which only this answer shows.
   *
   * @param grantable the scopes that whoever makes it may give
   */
  @Transactional
  public TokenView create(Actor actor, NewToken wanted, Set<Scope> grantable) {
    var faults = new Faults();
    faults.checkName("name", wanted.name());
    if (wanted.scopes().isEmpty()) {
      faults.add("scopes", "must name at least one scope");
    }
    for (Scope scope : wanted.scopes()) {
      if (!grantable.contains(scope)) {
        faults.add("scopes", "names " + scope.word() + ", which you may not give");
      }
    }
    if (wanted.expiresAt() != null && !wanted.expiresAt().isAfter(Instant.now())) {
      faults.add("expiresAt", "must be in the future");
    }
    faults.throwIfAny();
    byte[] random = new byte[32];
    RANDOM.nextBytes(random);
    return create(
        actor, wanted, "mc_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /**
   * Makes a token with every scope the member may give; the value is a fresh one where none is
   * given.
   */
  @Transactional
  public TokenView createForOwner(Member member, String name, @Nullable String value) {
    Set<Scope> scopes = Scope.grantableBy(member);
    var wanted = new NewToken(name, scopes, null);
    return value == null
        ? create(member.actor(), wanted, scopes)
        : create(member.actor(), wanted, value);
  }

  private TokenView create(Actor actor, NewToken wanted, String value) {
    var token =
        new ApiToken(
            actor.accountId(),
            actor.userId(),
            wanted.name(),
            hash(value),
            wanted.scopes(),
            wanted.expiresAt(),
            Instant.now());
    tokens.add(token);
    audit.record(
        actor,
        "token.created",
        Map.of("tokenId", token.id(), "name", token.name(), "scopes", token.scopes()));
    return TokenView.of(token, value);
  }

  /**
   * At most {@code limit} tokens that come after the given one, oldest first; revoked ones are not
   * shown.
   */
  @Transactional(readOnly = true)
  public List<TokenView> list(UUID accountId, @Nullable UUID after, int limit) {
    return tokens.page(accountId, after, limit).stream()
        .map(token -> TokenView.of(token, null))
        .toList();
  }

  /** From now on nobody speaks with it; what is open with it ends within seconds. */
  @Transactional
  public void revoke(Actor actor, UUID id) {
    ApiToken token =
        tokens.find(actor.accountId(), id).orElseThrow(() -> new NotFoundException("token"));
    token.revoke(Instant.now());
    audit.record(actor, "token.revoked", Map.of("tokenId", id, "name", token.name()));
  }

  @Override
  @Transactional
  public Optional<Caller> find(String value) {
    Optional<ApiToken> found = tokens.findByHash(hash(value));
    Optional<Caller> caller = found.flatMap(this::caller);
    if (caller.isPresent()) {
      noteUse(found.orElseThrow());
    }
    return caller;
  }

  /** As {@link #find}, for a call that goes on for long and asks again. */
  @Override
  @Transactional(readOnly = true)
  public Optional<Caller> stillValid(UUID tokenId) {
    return tokens.find(tokenId).flatMap(this::caller);
  }

  private Optional<Caller> caller(ApiToken token) {
    if (!token.isValid(Instant.now())) {
      return Optional.empty();
    }
    return accounts
        .member(token.accountId(), token.userId())
        .map(
            member -> {
              var scopes = EnumSet.noneOf(Scope.class);
              scopes.addAll(token.scopes());
              scopes.retainAll(Scope.grantableBy(member));
              return new Caller(token.id(), member, scopes);
            });
  }

  private static void noteUse(ApiToken token) {
    Instant now = Instant.now();
    Instant last = token.lastUsedAt();
    if (last == null || last.isBefore(now.minus(LAST_USED_PRECISION))) {
      token.used(now);
    }
  }

  private static byte[] hash(String value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
