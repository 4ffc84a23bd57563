package manycast.control.destinations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import manycast.db.keys.CannotOpenException;
import manycast.db.keys.MediaKeys;
import manycast.db.keys.Sealer;
import manycast.db.keys.SecretKey;
import org.springframework.stereotype.Component;

/**
 * Stream keys that a form has brought and that are not stored yet. A form that is shown again holds
 * its key sealed: nobody types it twice, and no page shows it.
 */
@Component
final class HeldKeys {
  /** A form that lay open for longer asks for its key again. */
  private static final Duration KEPT = Duration.ofHours(2);

  /** Of a key that is at least this long the first characters are shown to recognise it by. */
  private static final int LONG = 16;

  private static final int SHOWN = 4;

  /**
   * A key as a form holds it.
   *
   * @param sealed opens for the same account only
   * @param masked its first characters, where it is long, and how many it has
   */
  record Held(String sealed, String masked, String fingerprint) {}

  private final Sealer sealer;
  private final MediaKeys keys;

  HeldKeys(SecretKey secretKey, MediaKeys keys) {
    this.sealer = new Sealer(secretKey.derive("form-key"));
    this.keys = keys;
  }

  Held hold(UUID accountId, String streamKey) {
    byte[] key = streamKey.getBytes(UTF_8);
    byte[] plain =
        ByteBuffer.allocate(Long.BYTES + key.length)
            .putLong(Instant.now().getEpochSecond())
            .put(key)
            .array();
    String sealed =
        Base64.getUrlEncoder().withoutPadding().encodeToString(sealer.seal(plain, of(accountId)));
    return new Held(sealed, masked(streamKey), keys.fingerprint(streamKey));
  }

  /** The key; empty when it is not one of this account's forms, or too old. */
  String open(UUID accountId, String sealed) {
    if (sealed.isEmpty()) {
      return "";
    }
    try {
      ByteBuffer plain =
          ByteBuffer.wrap(sealer.open(Base64.getUrlDecoder().decode(sealed), of(accountId)));
      Instant held = Instant.ofEpochSecond(plain.getLong());
      return held.plus(KEPT).isBefore(Instant.now()) ? "" : UTF_8.decode(plain).toString();
    } catch (CannotOpenException | IllegalArgumentException e) {
      return "";
    }
  }

  private static String masked(String streamKey) {
    String start = streamKey.length() < LONG ? "" : streamKey.substring(0, SHOWN);
    return start + "••••••••";
  }

  private static byte[] of(UUID accountId) {
    return accountId.toString().getBytes(UTF_8);
  }
}
