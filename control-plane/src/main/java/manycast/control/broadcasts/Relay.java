package manycast.control.broadcasts;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * The work of sending one broadcast to one destination, as its media node wrote it; name and
 * platform as they were.
 */
@Entity
@Immutable
@Table(name = "relay")
@IdClass(Relay.Key.class)
public class Relay {
  /** The two it joins. */
  public record Key(UUID broadcastId, UUID destinationId) implements Serializable {}

  @Id
  @Column(name = "broadcast_id")
  private UUID broadcastId;

  @Id
  @Column(name = "destination_id")
  private UUID destinationId;

  private String name;

  private String platform;

  private String state;

  private boolean behind;

  private boolean permanent;

  @Column(name = "last_error")
  private @Nullable String lastError;

  @Column(name = "last_error_code")
  private @Nullable String lastErrorCode;

  @Column(name = "next_retry_at")
  private @Nullable Instant nextRetryAt;

  @Column(name = "bytes_sent")
  private long bytesSent;

  @Column(name = "frames_sent")
  private long framesSent;

  @Column(name = "frames_dropped")
  private long framesDropped;

  @Column(name = "frames_due")
  private @Nullable Long framesDue;

  private int skips;

  private int reconnects;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @SuppressWarnings("NullAway.Init")
  protected Relay() {}

  public UUID broadcastId() {
    return broadcastId;
  }

  public UUID destinationId() {
    return destinationId;
  }

  public String name() {
    return name;
  }

  public String platform() {
    return platform;
  }

  public RelayState state() {
    return RelayState.of(state);
  }

  public boolean behind() {
    return behind;
  }

  public boolean permanent() {
    return permanent;
  }

  public @Nullable String lastError() {
    return lastError;
  }

  public @Nullable String lastErrorCode() {
    return lastErrorCode;
  }

  public @Nullable Instant nextRetryAt() {
    return nextRetryAt;
  }

  public long bytesSent() {
    return bytesSent;
  }

  public long framesSent() {
    return framesSent;
  }

  public long framesDropped() {
    return framesDropped;
  }

  /** How many frames were to be sent by now; null where that was not counted. */
  public @Nullable Long framesDue() {
    return framesDue;
  }

  public int skips() {
    return skips;
  }

  public int reconnects() {
    return reconnects;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
