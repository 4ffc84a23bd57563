package manycast.control.streams;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A standing entry with a name, a stream key and destinations; it exists when nobody is live. */
@Entity
@DynamicUpdate
@Table(name = "stream")
public class Stream {
  /**
   * How long an encoder's address is refused after "stop", or its automatic reconnect would start
   * the show again.
   */
  static final Duration REFUSED_AFTER_STOP = Duration.ofMinutes(30);

  @Id private UUID id;

  @Column(name = "account_id", updatable = false)
  private UUID accountId;

  private String name;

  private boolean enabled;

  @Column(name = "resume_grace_seconds")
  private @Nullable Integer resumeGraceSeconds;

  @Column(name = "stop_broadcast_id")
  private @Nullable UUID stopBroadcastId;

  @Column(name = "refused_address")
  private @Nullable InetAddress refusedAddress;

  @Column(name = "refused_until")
  private @Nullable Instant refusedUntil;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  @SuppressWarnings("NullAway.Init")
  protected Stream() {}

  Stream(UUID accountId, String name, Instant now) {
    this.id = UuidCreator.getTimeOrderedEpoch();
    this.accountId = accountId;
    this.name = name;
    this.enabled = true;
    this.createdAt = now;
  }

  void rename(String newName) {
    name = newName;
  }

  void enable(boolean on) {
    enabled = on;
  }

  /** Null means the installation's own grace. */
  void setResumeGrace(@Nullable Integer seconds) {
    resumeGraceSeconds = seconds;
  }

  void delete(Instant now) {
    deletedAt = now;
  }

  /** Ends that broadcast and no later one. */
  void stop(UUID broadcastId) {
    stopBroadcastId = broadcastId;
  }

  /** Keeps the encoder that was connected from starting another broadcast. */
  void refuse(InetAddress encoder, Instant now) {
    refusedAddress = encoder;
    refusedUntil = now.plus(REFUSED_AFTER_STOP);
  }

  /** Lets the refused address publish again. */
  void allow() {
    refusedAddress = null;
    refusedUntil = null;
  }

  public UUID id() {
    return id;
  }

  public UUID accountId() {
    return accountId;
  }

  public String name() {
    return name;
  }

  public boolean enabled() {
    return enabled;
  }

  public @Nullable Integer resumeGraceSeconds() {
    return resumeGraceSeconds;
  }

  /** Until when the encoder that was stopped is refused; null when nobody is. */
  public @Nullable Instant refusedUntil(Instant now) {
    return refusedUntil != null && refusedUntil.isAfter(now) ? refusedUntil : null;
  }

  public Instant createdAt() {
    return createdAt;
  }
}
