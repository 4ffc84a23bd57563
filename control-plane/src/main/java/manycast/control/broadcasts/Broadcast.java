package manycast.control.broadcasts;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One going-live of one stream, as its media node wrote it. */
@Entity
@Immutable
@Table(name = "broadcast")
public class Broadcast {
  @Id private UUID id;

  @Column(name = "account_id")
  private UUID accountId;

  @Column(name = "stream_id")
  private UUID streamId;

  @Column(name = "stream_name")
  private String streamName;

  @Column(name = "node_id")
  private String nodeId;

  private String state;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "ended_at")
  private @Nullable Instant endedAt;

  @Column(name = "end_reason")
  private @Nullable String endReason;

  private int interruptions;

  @Column(name = "resume_until")
  private @Nullable Instant resumeUntil;

  private boolean released;

  private String protocol;

  @Column(name = "remote_address")
  private InetAddress remoteAddress;

  private @Nullable String encoder;

  @Column(name = "video_codec")
  private @Nullable String videoCodec;

  private @Nullable Integer width;

  private @Nullable Integer height;

  @Column(name = "frame_rate")
  private @Nullable Float frameRate;

  @Column(name = "audio_codec")
  private @Nullable String audioCodec;

  @SuppressWarnings("NullAway.Init")
  protected Broadcast() {}

  public UUID id() {
    return id;
  }

  public UUID accountId() {
    return accountId;
  }

  public UUID streamId() {
    return streamId;
  }

  /** The stream's name as it was. */
  public String streamName() {
    return streamName;
  }

  /** The node that carries it, or carried it last. */
  public String nodeId() {
    return nodeId;
  }

  public BroadcastState state() {
    return BroadcastState.of(state);
  }

  public Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  public @Nullable String endReason() {
    return endReason;
  }

  public int interruptions() {
    return interruptions;
  }

  /** Until when it waits for its lost encoder; null while it does not. */
  public @Nullable Instant resumeUntil() {
    return resumeUntil;
  }

  /** Whether no node carries it: its own has let go of it, or is lost. */
  public boolean released() {
    return released;
  }

  public String protocol() {
    return protocol;
  }

  public InetAddress remoteAddress() {
    return remoteAddress;
  }

  public @Nullable String encoder() {
    return encoder;
  }

  public @Nullable String videoCodec() {
    return videoCodec;
  }

  public @Nullable Integer width() {
    return width;
  }

  public @Nullable Integer height() {
    return height;
  }

  public @Nullable Float frameRate() {
    return frameRate;
  }

  public @Nullable String audioCodec() {
    return audioCodec;
  }
}
