package manycast.control.tokens;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import manycast.control.web.Scope;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A secret that scripts speak with in their maker's name, found by its hash. */
@Entity
@DynamicUpdate
@Table(name = "api_token")
public class ApiToken {
  @Id private UUID id;

  @Column(name = "account_id", updatable = false)
  private UUID accountId;

  @Column(name = "user_id", updatable = false)
  private UUID userId;

  @Column(updatable = false)
  private String name;

  @Column(name = "token_hash", updatable = false)
  private byte[] tokenHash;

  @Column(updatable = false)
  private String[] scopes;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "expires_at", updatable = false)
  private @Nullable Instant expiresAt;

  @Column(name = "revoked_at")
  private @Nullable Instant revokedAt;

  @Column(name = "last_used_at")
  private @Nullable Instant lastUsedAt;

  @SuppressWarnings("NullAway.Init")
  protected ApiToken() {}

  ApiToken(
      UUID accountId,
      UUID userId,
      String name,
      byte[] tokenHash,
      Collection<Scope> scopes,
      @Nullable Instant expiresAt,
      Instant now) {
    this.id = UuidCreator.getTimeOrderedEpoch();
    this.accountId = accountId;
    this.userId = userId;
    this.name = name;
    this.tokenHash = tokenHash.clone();
    this.scopes = scopes.stream().map(Scope::word).toArray(String[]::new);
    this.expiresAt = expiresAt;
    this.createdAt = now;
  }

  void revoke(Instant now) {
    revokedAt = now;
  }

  void used(Instant now) {
    lastUsedAt = now;
  }

  boolean isValid(Instant now) {
    return revokedAt == null && (expiresAt == null || expiresAt.isAfter(now));
  }

  public UUID id() {
    return id;
  }

  public UUID accountId() {
    return accountId;
  }

  public UUID userId() {
    return userId;
  }

  public String name() {
    return name;
  }

  /** Those it was made with; words that this program does not know are passed over. */
  public Set<Scope> scopes() {
    var known = EnumSet.noneOf(Scope.class);
    for (String word : scopes) {
      Scope.of(word).ifPresent(known::add);
    }
    return known;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public @Nullable Instant expiresAt() {
    return expiresAt;
  }

  public @Nullable Instant lastUsedAt() {
    return lastUsedAt;
  }
}
