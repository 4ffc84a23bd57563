package manycast.db.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * The installation's one secret ({@code MANYCAST_SECRET_KEY}); it is never used itself, only keys
 * derived from it, one per purpose. Prints as dots.
 */
public final class SecretKey {
  private final byte[] key;

  private SecretKey(byte[] key) {
    this.key = key;
  }

  /**
   * @param base64 32 bytes
   * @throws IllegalArgumentException saying what is accepted; its message holds nothing of what was
   *     given
   */
  public static SecretKey parse(String base64) {
    return new SecretKey(Key32.parse(base64));
  }

  /** A new random key. */
  public static SecretKey generate() {
    byte[] key = new byte[Key32.LENGTH];
    new SecureRandom().nextBytes(key);
    return new SecretKey(key);
  }

  /** What {@link #parse} takes: for the file that keeps it, never for a log. */
  public String encoded() {
    return Base64.getEncoder().encodeToString(key);
  }

  /**
   * 32 bytes that belong to {@code purpose} alone: the same for the same purpose, telling nothing
   * of any other.
   */
  public byte[] derive(String purpose) {
    return Key32.derive(key, ("manycast/1/" + purpose).getBytes(UTF_8));
  }

  /** All that a media node needs, and all that it gets ({@code MANYCAST_MEDIA_KEY}). */
  public MediaKeys mediaKeys() {
    return new MediaKeys(derive("media"));
  }

  @Override
  public String toString() {
    return "••••••••";
  }
}
