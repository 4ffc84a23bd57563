package manycast.media.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates that vouch for themselves. A class of its own, so that a node that has one
 * never loads the library that makes them.
 */
final class SelfSigning {
  private static final Duration LIFE = Duration.ofDays(3 * 365);
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

  private SelfSigning() {}

  /**
   * A certificate of three years and its key.
   *
   * @param host a name or an address, an IPv6 one without brackets
   */
  static KeyAndChain make(String host, Instant now) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    X500Principal name = new X500Principal("CN=Manycast on " + host.replaceAll("[^\\w.:-]", ""));
    try {
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          name,
                          new BigInteger(127, new SecureRandom()).setBit(126),
                          Date.from(now.minus(CLOCKS_DIFFER)),
                          Date.from(now.plus(LIFE)),
                          name,
                          pair.getPublic())
                      .addExtension(
                          Extension.subjectAlternativeName,
                          false,
                          new GeneralNames(
                              names(host).stream()
                                  .map(SelfSigning::generalName)
                                  .toArray(GeneralName[]::new)))
                      .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                      .addExtension(
                          Extension.extendedKeyUsage,
                          false,
                          new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                      .build(
                          new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
      return new KeyAndChain(pair.getPrivate(), List.of(certificate));
    } catch (OperatorCreationException | CertIOException e) {
      throw new GeneralSecurityException("a certificate cannot be made", e);
    }
  }

  private static List<String> names(String host) {
    List<String> names = new ArrayList<>(List.of(host));
    for (String local : List.of("localhost", "127.0.0.1", "::1")) {
      if (!names.contains(local)) {
        names.add(local);
      }
    }
    return names;
  }

  private static GeneralName generalName(String name) {
    return new GeneralName(
        SelfMade.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }
}
