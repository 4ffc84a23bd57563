package manycast.control.streams;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import manycast.db.keys.MediaKeys;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** The secret an encoder publishes with: found by its HMAC, shown from its sealed copy. */
@Entity
@DynamicUpdate
@Table(name = "stream_key")
class StreamKey {
  /** Letters and digits that nobody mistakes for each other when a key is read out. */
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  /** 27 letters of 5 bits are 135 random bits. */
  private static final int LENGTH = 27;

  private static final SecureRandom RANDOM = new SecureRandom();

  @Id private UUID id;

  @Column(name = "stream_id", updatable = false)
  private UUID streamId;

  @Column(updatable = false)
  private String purpose;

  @Column(updatable = false)
  private byte[] hmac;

  @Column(updatable = false)
  private byte[] sealed;

  @Column(updatable = false)
  private String fingerprint;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "retired_at")
  private @Nullable Instant retiredAt;

  @SuppressWarnings("NullAway.Init")
  protected StreamKey() {}

  private StreamKey(UUID streamId, String key, MediaKeys keys, Instant now) {
    this.id = UuidCreator.getTimeOrderedEpoch();
    this.streamId = streamId;
    this.purpose = "publish";
    this.hmac = keys.streamKeyHmac(key);
    this.sealed = keys.sealStreamKey(id, key);
    this.fingerprint = keys.fingerprint(key);
    this.createdAt = now;
  }

  /** A fresh random key for the stream. */
  static StreamKey random(UUID streamId, MediaKeys keys, Instant now) {
    var key = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      key.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return new StreamKey(streamId, key.toString(), keys, now);
  }

  /** From now on no new publish is accepted with it. */
  void retire(Instant now) {
    retiredAt = now;
  }

  UUID streamId() {
    return streamId;
  }

  String fingerprint() {
    return fingerprint;
  }

  String open(MediaKeys keys) {
    return keys.openStreamKey(id, sealed);
  }
}
