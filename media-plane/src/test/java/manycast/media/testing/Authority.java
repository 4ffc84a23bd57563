package manycast.media.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** An authority of tests that vouches for hosts. */
public final class Authority {
  private static final AtomicLong NUMBERS = new AtomicLong(1);
  private static final char[] PASSWORD = "of-tests".toCharArray();

  private final KeyPair pair;
  private final X500Principal name = new X500Principal("CN=Authority of tests");
  private final X509Certificate certificate;

  /** A host's key and certificate. */
  public record Host(PrivateKey key, X509Certificate certificate) {
    /** For a server that shows this certificate. */
    public SSLContext server() throws Exception {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("host", key, PASSWORD, new X509Certificate[] {certificate});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    }

    /** Writes both files of a server. */
    public void write(Path certificateFile, Path keyFile) throws IOException {
      Files.writeString(keyFile, pem(new PemObject("PRIVATE KEY", key.getEncoded())));
      Files.writeString(certificateFile, pem(certificate));
    }
  }

  /** An authority that nobody trusts yet. */
  public Authority() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    pair = generator.generateKeyPair();
    certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder(name, pair, Duration.ofDays(1))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  /** Whom to trust. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** Vouches for a server with these names, an address being a name of digits. */
  public Host vouchFor(String... names) throws Exception {
    return vouchFor("EC", 256, Duration.ofDays(1), names);
  }

  /** The same with a key of this kind, good for this time, which may be over. */
  public Host vouchFor(String algorithm, int bits, Duration good, String... names)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair host = generator.generateKeyPair();
    GeneralName[] all =
        Arrays.stream(names)
            .map(
                text ->
                    new GeneralName(
                        text.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName,
                        text))
            .toArray(GeneralName[]::new);
    return new Host(
        host.getPrivate(),
        new JcaX509CertificateConverter()
            .getCertificate(
                builder(new X500Principal("CN=" + names[0]), host, good)
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))));
  }

  private JcaX509v3CertificateBuilder builder(X500Principal subject, KeyPair keys, Duration good) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(NUMBERS.getAndIncrement()),
        Date.from(now.minus(Duration.ofDays(2))),
        Date.from(now.plus(good)),
        subject,
        keys.getPublic());
  }

  /** For a client that trusts just these. */
  public static SSLContext clientTrusting(List<X509Certificate> trusted) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (X509Certificate each : trusted) {
      store.setCertificateEntry(each.getSerialNumber().toString(), each);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /** As the text of a PEM file. */
  public static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
