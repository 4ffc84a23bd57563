package manycast.media.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys in all the forms that tools write. A class of its own, so that a node
 * without such files never loads the library: its jars are signed, and checking that takes a tenth
 * of a second.
 */
public final class PemFiles {
  private PemFiles() {}

  /**
   * All certificates of a PEM file, whatever else stands in it.
   *
   * @throws IOException when the file cannot be read
   * @throws GeneralSecurityException when there is none, or one cannot be understood
   */
  public static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> found = new ArrayList<>();
    for (Object object : objects(file)) {
      if (object instanceof X509CertificateHolder holder) {
        found.add(new JcaX509CertificateConverter().getCertificate(holder));
      }
    }
    if (found.isEmpty()) {
      throw new GeneralSecurityException("it holds no certificate in PEM");
    }
    return found;
  }

  /**
   * The first private key of a PEM file, of the algorithm of {@code certified}.
   *
   * @throws IOException when the file cannot be read
   * @throws GeneralSecurityException when there is none that is not encrypted, or it is of another
   *     kind than the certified one
   */
  static PrivateKey privateKey(Path file, PublicKey certified)
      throws IOException, GeneralSecurityException {
    for (Object object : objects(file)) {
      @Nullable PrivateKeyInfo info =
          switch (object) {
            case PrivateKeyInfo plain -> plain;
            case PEMKeyPair pair -> named(pair.getPrivateKeyInfo(), certified);
            default -> null;
          };
      if (info != null) {
        try {
          return KeyFactory.getInstance(certified.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (InvalidKeySpecException another) {
          throw new GeneralSecurityException(
              "the key is not that of the first certificate", another);
        }
      }
    }
    throw new GeneralSecurityException("it holds no private key in PEM that is not encrypted");
  }

  /** The old forms may leave out which curve the key is on: that of the certificate's. */
  private static PrivateKeyInfo named(PrivateKeyInfo key, PublicKey certified) throws IOException {
    return new PrivateKeyInfo(
        SubjectPublicKeyInfo.getInstance(certified.getEncoded()).getAlgorithm(),
        key.parsePrivateKey());
  }

  private static List<Object> objects(Path file) throws IOException, GeneralSecurityException {
    String text = Files.readString(file);
    List<Object> objects = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        objects.add(object);
      }
    } catch (IOException | RuntimeException broken) {
      throw new GeneralSecurityException("it is no whole PEM file", broken);
    }
    return objects;
  }
}
