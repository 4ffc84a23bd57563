package manycast.db.keys;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two things done with 32 secret bytes: deriving another key from them (RFC 5869), and MACs.
 */
final class Key32 {
  static final int LENGTH = 32;

  private Key32() {}

  /**
   * @throws IllegalArgumentException naming what is wrong, never what was given
   */
  static byte[] parse(String base64) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      // The decoder's own message quotes a character of the secret.
      throw new IllegalArgumentException("not base64; expected " + LENGTH + " bytes in base64");
    }
    if (key.length != LENGTH) {
      throw new IllegalArgumentException(
          "holds " + key.length + " bytes; expected " + LENGTH + " bytes in base64");
    }
    return key;
  }

  /** HKDF-SHA256 without salt: {@code inputKey} is uniformly random already. */
  static byte[] derive(byte[] inputKey, byte[] info) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract().addIKM(inputKey.clone()).thenExpand(info, LENGTH));
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
    }
  }

  static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }
}
