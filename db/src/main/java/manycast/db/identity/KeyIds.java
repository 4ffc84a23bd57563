package manycast.db.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** A process id is the first 32 hex digits of the SHA-256 of the public key in X.509 form. */
final class KeyIds {
  private static final int ID_BYTES = 16;

  private KeyIds() {}

  static String idOf(PublicKey key) {
    return idOf(key.getEncoded());
  }

  static String idOf(byte[] x509) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(x509);
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /**
   * @throws GeneralSecurityException when the bytes are no Ed25519 key
   */
  static PublicKey read(byte[] x509) throws GeneralSecurityException {
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
  }
}
