package manycast.control.accounts;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A person who signs in. */
@Entity
@Table(name = "app_user")
public class AppUser {
  @Id private UUID id;

  private String email;

  @Column(name = "password_hash")
  private String passwordHash;

  @Column(name = "platform_admin")
  private boolean platformAdmin;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected AppUser() {}

  AppUser(String email, String passwordHash, boolean platformAdmin, Instant now) {
    this.id = UuidCreator.getTimeOrderedEpoch();
    this.email = email;
    this.passwordHash = passwordHash;
    this.platformAdmin = platformAdmin;
    this.createdAt = now;
  }

  public UUID id() {
    return id;
  }

  public String email() {
    return email;
  }

  /** Argon2id in its usual written form. */
  String passwordHash() {
    return passwordHash;
  }

  public boolean platformAdmin() {
    return platformAdmin;
  }

  public Instant createdAt() {
    return createdAt;
  }
}
