package manycast.db.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals small secrets with AES-256-GCM: {@code key id (4) | nonce (12) | ciphertext | tag (16)}.
 * The key id says which key sealed, so that keys can be rotated. Nonces are random: good for 2³²
 * messages a key. Safe for use by many threads; prints as dots.
 */
public final class Sealer {
  private static final int ID = 4;
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;
  private final byte[] id;

  /**
   * @param key32 32 bytes, copied
   */
  public Sealer(byte[] key32) {
    if (key32.length != Key32.LENGTH) {
      throw new IllegalArgumentException(
          "a sealing key is " + Key32.LENGTH + " bytes, not " + key32.length);
    }
    this.key = new SecretKeySpec(key32, "AES");
    this.id = Arrays.copyOf(Key32.hmac(key32, "manycast/1/key-id".getBytes(US_ASCII)), ID);
  }

  /**
   * @param associated what the secret belongs to: not hidden, but the secret opens only beside it
   */
  public byte[] seal(byte[] plain, byte[] associated) {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, associated);
      byte[] body = cipher.doFinal(plain);
      return ByteBuffer.allocate(ID + NONCE + body.length).put(id).put(nonce).put(body).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot seal with AES-256-GCM", e);
    }
  }

  /**
   * @throws CannotOpenException when altered, sealed beside something else, or with another key
   */
  public byte[] open(byte[] sealed, byte[] associated) {
    if (sealed.length < ID + NONCE + TAG) {
      throw new CannotOpenException(
          "sealed: " + sealed.length + " bytes, at least " + (ID + NONCE + TAG) + " expected");
    }
    if (!Arrays.equals(sealed, 0, ID, id, 0, ID)) {
      throw new CannotOpenException(
          "sealed with key %s, we hold key %s"
              .formatted(HexFormat.of().formatHex(sealed, 0, ID), HexFormat.of().formatHex(id)));
    }
    byte[] nonce = Arrays.copyOfRange(sealed, ID, ID + NONCE);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, associated);
      return cipher.doFinal(sealed, ID + NONCE, sealed.length - ID - NONCE);
    } catch (AEADBadTagException e) {
      throw new CannotOpenException("sealed: altered, or sealed for another row");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot open AES-256-GCM", e);
    }
  }

  @Override
  public String toString() {
    return "••••••••";
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] associated) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce));
    cipher.updateAAD(associated);
    return cipher;
  }
}
