package manycast.control.accounts;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;

/** That a user belongs to an account, and as what. */
@Entity
@Table(name = "membership")
@IdClass(Membership.Key.class)
public class Membership {
  /** The two it joins. */
  public record Key(UUID accountId, UUID userId) implements Serializable {}

  @Id
  @Column(name = "account_id")
  private UUID accountId;

  @Id
  @Column(name = "user_id")
  private UUID userId;

  private String role;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected Membership() {}

  Membership(UUID accountId, UUID userId, Role role, Instant now) {
    this.accountId = accountId;
    this.userId = userId;
    this.role = role.word();
    this.createdAt = now;
  }

  public UUID accountId() {
    return accountId;
  }

  public UUID userId() {
    return userId;
  }

  public Role role() {
    return Role.of(role);
  }

  public Instant createdAt() {
    return createdAt;
  }
}
