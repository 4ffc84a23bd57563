package manycast.media.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
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
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/**
 * A private key and the certificates that vouch for it, the leaf first, as PEM files hold them.
 *
 * @param chain at least one certificate
 */
public record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
  private static final byte[] PROBE = {1, 2, 3, 4};

  /** Keeps a copy. */
  public KeyAndChain {
    chain = List.copyOf(chain);
  }

  /**
   * Reads a chain and its key from two files, which may be the same one. The key may be in any of
   * the forms that tools write (PKCS #8, PKCS #1, SEC 1), but not encrypted.
   *
   * @throws IOException when a file cannot be read
   * @throws GeneralSecurityException when they do not hold what they should, or do not belong
   *     together; the message is a sentence that tells nothing of the key
   */
  public static KeyAndChain read(Path certificates, Path key)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> chain = certificates(certificates);
    PublicKey certified = chain.getFirst().getPublicKey();
    PrivateKey privateKey = privateKey(key, certified);
    if (!belongTogether(privateKey, certified)) {
      throw new GeneralSecurityException("the key is not that of the first certificate");
    }
    return new KeyAndChain(privateKey, chain);
  }

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

  private static PrivateKey privateKey(Path file, PublicKey certified)
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

  /** By a signature: the parameters of some keys do not tell. */
  private static boolean belongTogether(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(PROBE);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certified);
    verifying.update(PROBE);
    return verifying.verify(signature);
  }

  /** Both as the text of one PEM file: it holds the key. */
  String toPem() throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (X509Certificate certificate : chain) {
        writer.writeObject(certificate);
      }
      writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
    }
    return text.toString();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "KeyAndChain[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
