package manycast.control.accounts;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Who owns streams, and later is billed. */
@Entity
@Table(name = "account")
public class Account {
  @Id private UUID id;

  private String name;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected Account() {}

  Account(String name, Instant now) {
    this.id = UuidCreator.getTimeOrderedEpoch();
    this.name = name;
    this.createdAt = now;
  }

  public UUID id() {
    return id;
  }

  public String name() {
    return name;
  }

  public Instant createdAt() {
    return createdAt;
  }
}
