package manycast.media.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A private key and the certificates that vouch for it, the leaf first, as PEM files hold them.
 *
 * @param chain at least one certificate
 */
public record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
  private static final byte[] PROBE = {1, 2, 3, 4};
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));
  private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
  private static final String END_KEY = "-----END PRIVATE KEY-----";

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
    List<X509Certificate> chain = PemFiles.certificates(certificates);
    PublicKey certified = chain.getFirst().getPublicKey();
    PrivateKey privateKey = PemFiles.privateKey(key, certified);
    if (!belongTogether(privateKey, certified)) {
      throw new GeneralSecurityException("the key is not that of the first certificate");
    }
    return new KeyAndChain(privateKey, chain);
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

  /**
   * Reads what {@link #toPem} wrote, by the JDK alone: in a tenth of the time that forms of many
   * tools take to be read, and a node begins with it.
   *
   * @throws GeneralSecurityException when it is something else
   */
  static KeyAndChain ofPem(String text) throws GeneralSecurityException {
    int begin = text.indexOf(BEGIN_KEY);
    int end = text.indexOf(END_KEY);
    if (begin < 0 || end < begin) {
      throw new GeneralSecurityException("it holds no private key of ours");
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(text.substring(0, begin).getBytes(US_ASCII)))) {
      chain.add((X509Certificate) certificate);
    }
    if (chain.isEmpty()) {
      throw new GeneralSecurityException("it holds no certificate in PEM");
    }
    try {
      byte[] key = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN_KEY.length(), end));
      return new KeyAndChain(
          KeyFactory.getInstance(chain.getFirst().getPublicKey().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(key)),
          chain);
    } catch (IllegalArgumentException broken) {
      throw new GeneralSecurityException("it is no whole PEM file", broken);
    }
  }

  /** Both as the text of one PEM file, the certificates first: it holds the key. */
  String toPem() {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate certificate : chain) {
        text.append("-----BEGIN CERTIFICATE-----\n")
            .append(LINES.encodeToString(certificate.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read or made has an encoding", e);
    }
    return text.append(BEGIN_KEY)
        .append('\n')
        .append(LINES.encodeToString(key.getEncoded()))
        .append('\n')
        .append(END_KEY)
        .append('\n')
        .toString();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "KeyAndChain[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
