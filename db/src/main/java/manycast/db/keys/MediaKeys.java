package manycast.db.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Finds, recognises, seals and opens stream keys, and keys and passwords of destinations. A sealed
 * key is bound to the row it belongs to: copied into another row it does not open. Safe for use by
 * many threads; prints as dots.
 */
public final class MediaKeys {
  private final byte[] key;
  private final byte[] finding;
  private final byte[] recognising;
  private final Sealer streamKeys;
  private final Sealer destinationKeys;
  private final Sealer destinationPasswords;

  MediaKeys(byte[] key) {
    this.key = key;
    this.finding = derive("stream-key-hmac");
    this.recognising = derive("fingerprint");
    this.streamKeys = new Sealer(derive("stream-key"));
    this.destinationKeys = new Sealer(derive("destination-key"));
    this.destinationPasswords = new Sealer(derive("destination-password"));
  }

  /**
   * @param base64 32 bytes
   * @throws IllegalArgumentException saying what is accepted; its message holds nothing of what was
   *     given
   */
  public static MediaKeys parse(String base64) {
    return new MediaKeys(Key32.parse(base64));
  }

  /** What {@link #parse} takes: for a node's environment, never for a log. */
  public String encoded() {
    return Base64.getEncoder().encodeToString(key);
  }

  /** What a stream key is found by: {@code stream_key.hmac}, 32 bytes. */
  public byte[] streamKeyHmac(String streamKey) {
    return Key32.hmac(finding, streamKey.getBytes(UTF_8));
  }

  /**
   * Eight hex digits to recognise any key by, the same on every process of this installation;
   * without our secret it confirms no guess.
   */
  public String fingerprint(String anyKey) {
    byte[] mac = Key32.hmac(recognising, anyKey.getBytes(UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(mac, 4));
  }

  /** For {@code stream_key.sealed} of the row {@code streamKeyId}. */
  public byte[] sealStreamKey(UUID streamKeyId, String streamKey) {
    return streamKeys.seal(streamKey.getBytes(UTF_8), row(streamKeyId));
  }

  /**
   * @throws CannotOpenException when sealed for another row, with another key, or altered
   */
  public String openStreamKey(UUID streamKeyId, byte[] sealed) {
    return new String(streamKeys.open(sealed, row(streamKeyId)), UTF_8);
  }

  /** For {@code destination.sealed_key} of the row {@code destinationId}. */
  public byte[] sealDestinationKey(UUID destinationId, String destinationKey) {
    return destinationKeys.seal(destinationKey.getBytes(UTF_8), row(destinationId));
  }

  /**
   * @throws CannotOpenException when sealed for another row, with another key, or altered
   */
  public String openDestinationKey(UUID destinationId, byte[] sealed) {
    return new String(destinationKeys.open(sealed, row(destinationId)), UTF_8);
  }

  /** For {@code destination.sealed_password} of the row {@code destinationId}. */
  public byte[] sealDestinationPassword(UUID destinationId, String password) {
    return destinationPasswords.seal(password.getBytes(UTF_8), row(destinationId));
  }

  /**
   * @throws CannotOpenException when sealed for another row, with another key, or altered
   */
  public String openDestinationPassword(UUID destinationId, byte[] sealed) {
    return new String(destinationPasswords.open(sealed, row(destinationId)), UTF_8);
  }

  @Override
  public String toString() {
    return "••••••••";
  }

  private byte[] derive(String purpose) {
    return Key32.derive(key, ("manycast/1/media/" + purpose).getBytes(UTF_8));
  }

  private static byte[] row(UUID id) {
    return id.toString().getBytes(UTF_8);
  }
}
