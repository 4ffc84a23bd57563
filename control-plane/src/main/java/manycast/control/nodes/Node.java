package manycast.control.nodes;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One media-plane process, as it wrote itself. */
@Entity
@Immutable
@Table(name = "node")
public class Node {
  @Id private String id;

  private String url;

  @Column(name = "rtmp_url")
  private String rtmpUrl;

  @Column(name = "preview_url")
  private @Nullable String previewUrl;

  private String version;

  private String state;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "heartbeat_at")
  private Instant heartbeatAt;

  @Column(name = "max_broadcasts")
  private @Nullable Integer maxBroadcasts;

  @Column(name = "cpu_busy")
  private float cpuBusy;

  @Column(name = "media_bytes")
  private long mediaBytes;

  @Column(name = "media_bytes_max")
  private long mediaBytesMax;

  @Column(name = "egress_bps")
  private long egressBps;

  @SuppressWarnings("NullAway.Init")
  protected Node() {}

  /** Its key's hash. */
  public String id() {
    return id;
  }

  /** Its internal HTTP as this process reaches it. */
  public String url() {
    return url;
  }

  public String rtmpUrl() {
    return rtmpUrl;
  }

  /** Its public HTTP as browsers reach it; null for a node of a version that has no preview. */
  public @Nullable String previewUrl() {
    return previewUrl;
  }

  public String version() {
    return version;
  }

  /** {@code starting}, {@code ready}, {@code draining} or {@code gone}, as it says itself. */
  public String state() {
    return state;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public Instant heartbeatAt() {
    return heartbeatAt;
  }

  public @Nullable Integer maxBroadcasts() {
    return maxBroadcasts;
  }

  public float cpuBusy() {
    return cpuBusy;
  }

  public long mediaBytes() {
    return mediaBytes;
  }

  public long mediaBytesMax() {
    return mediaBytesMax;
  }

  public long egressBps() {
    return egressBps;
  }
}
