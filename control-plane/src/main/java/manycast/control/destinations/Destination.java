package manycast.control.destinations;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import manycast.db.keys.MediaKeys;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** One place a stream is to be sent, as configured. */
@Entity
@DynamicUpdate
@Table(name = "destination")
public class Destination {
  @Id private UUID id;

  @Column(name = "stream_id", updatable = false)
  private UUID streamId;

  private String name;

  private String platform;

  private String url;

  @Column(name = "sealed_key")
  private byte[] sealedKey;

  @Column(name = "key_fingerprint")
  private String keyFingerprint;

  @Column(name = "key_set_at")
  private Instant keySetAt;

  /** Belongs to the user's name in the URL. */
  @Column(name = "sealed_password")
  private byte @Nullable [] sealedPassword;

  private boolean enabled;

  @Column(name = "delay_ms")
  private int delayMs;

  @Column(name = "video_track")
  private @Nullable Integer videoTrack;

  @Column(name = "audio_track")
  private @Nullable Integer audioTrack;

  private long revision;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  @SuppressWarnings("NullAway.Init")
  protected Destination() {}

  Destination(UUID streamId, NewDestination wanted, MediaKeys keys, Instant now) {
    this.id = UuidCreator.getTimeOrderedEpoch();
    this.streamId = streamId;
    this.name = wanted.name();
    this.platform = wanted.platform();
    this.url = "";
    this.enabled = wanted.enabled();
    this.delayMs = wanted.delayMs();
    setTracks(wanted.tracks());
    this.revision = 1;
    this.createdAt = now;
    moveTo(wanted.url(), keys);
    this.sealedKey = keys.sealDestinationKey(id, wanted.streamKey());
    this.keyFingerprint = keys.fingerprint(wanted.streamKey());
    this.keySetAt = now;
  }

  /**
   * Takes over what is to change. A relay starts again only when where or with what it connects has
   * changed; a new delay and other tracks it takes over as it runs.
   */
  void change(DestinationChanges changes, MediaKeys keys, Instant now) {
    boolean elsewhere = false;
    if (changes.name() != null) {
      name = changes.name();
    }
    if (changes.platform() != null) {
      elsewhere |= !changes.platform().equals(platform);
      platform = changes.platform();
    }
    if (changes.url() != null) {
      elsewhere |= moveTo(changes.url(), keys);
    }
    if (changes.streamKey() != null) {
      boolean another = !changes.streamKey().equals(key(keys));
      elsewhere |= another;
      keySetAt = another ? now : keySetAt;
      sealedKey = keys.sealDestinationKey(id, changes.streamKey());
      keyFingerprint = keys.fingerprint(changes.streamKey());
    }
    if (changes.enabled() != null) {
      enabled = changes.enabled();
    }
    if (changes.delayMs() != null) {
      delayMs = changes.delayMs();
    }
    if (changes.setTracks()) {
      setTracks(changes.tracks());
    }
    if (elsewhere) {
      revision++;
    }
  }

  /**
   * Takes this URL, its password apart from it. A password goes only where it was given for: the
   * same URL as it is shown keeps it, any other one without a password has none.
   *
   * @return whether anything of it is different
   */
  private boolean moveTo(String given, MediaKeys keys) {
    String password = ServerUrl.password(given);
    String shown = ServerUrl.withoutPassword(given);
    byte[] sealed = sealedPassword;
    String before = sealed == null ? null : keys.openDestinationPassword(id, sealed);
    if (shown.equals(url) && (password == null || password.equals(before))) {
      return false;
    }
    url = shown;
    sealedPassword = password == null ? null : keys.sealDestinationPassword(id, password);
    return true;
  }

  private void setTracks(@Nullable Tracks tracks) {
    videoTrack = tracks == null ? null : tracks.video();
    audioTrack = tracks == null ? null : tracks.audio();
  }

  /**
   * Its stream key in clear, for no eyes but the platform's.
   *
   * @throws manycast.db.keys.CannotOpenException it was sealed with another master key
   */
  String key(MediaKeys keys) {
    return keys.openDestinationKey(id, sealedKey);
  }

  /** Which tracks it is sent; null for the default tracks. */
  public @Nullable Tracks tracks() {
    return videoTrack == null || audioTrack == null ? null : new Tracks(videoTrack, audioTrack);
  }

  /** Its relay starts again at once. */
  void retry() {
    revision++;
  }

  void delete(Instant now) {
    deletedAt = now;
  }

  public UUID id() {
    return id;
  }

  public UUID streamId() {
    return streamId;
  }

  public String name() {
    return name;
  }

  public String platform() {
    return platform;
  }

  /** The server part as it may be shown: without the password. */
  public String url() {
    return url;
  }

  public boolean enabled() {
    return enabled;
  }

  public int delayMs() {
    return delayMs;
  }

  public String keyFingerprint() {
    return keyFingerprint;
  }

  /** Since when it has this stream key; the same one put in again is no newer. */
  public Instant keySetAt() {
    return keySetAt;
  }

  public Instant createdAt() {
    return createdAt;
  }
}
