package manycast.media.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's check of a server's certificate, which tells what exactly was wrong with it. */
final class TellingTrustManager extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager checking;

  private TellingTrustManager(X509ExtendedTrustManager checking) {
    this.checking = checking;
  }

  /** Trusts the authorities of the JDK and these. */
  static TellingTrustManager of(List<X509Certificate> more)
      throws GeneralSecurityException, IOException {
    X509ExtendedTrustManager ofJdk = managerOf(null);
    if (more.isEmpty()) {
      return new TellingTrustManager(ofJdk);
    }
    KeyStore all = KeyStore.getInstance("PKCS12");
    all.load(null, null);
    int number = 0;
    for (X509Certificate authority : ofJdk.getAcceptedIssuers()) {
      all.setCertificateEntry("jdk" + number++, authority);
    }
    for (X509Certificate authority : more) {
      all.setCertificateEntry("more" + number++, authority);
    }
    return new TellingTrustManager(managerOf(all));
  }

  private static X509ExtendedTrustManager managerOf(@Nullable KeyStore authorities)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager x509) {
        return x509;
      }
    }
    throw new KeyStoreException("this JDK checks no X.509 certificates");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      checking.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException refused) {
      throw told(chain, authType, refused);
    }
  }

  /** Without an engine the same check looks at everything but the name. */
  private CertificateException told(
      X509Certificate[] chain, String authType, CertificateException refused) {
    try {
      checking.checkServerTrusted(chain, authType);
    } catch (CertificateException untrusted) {
      return new CertificateRefused(CertificateRefused.Why.UNTRUSTED, refused);
    }
    return new CertificateRefused(CertificateRefused.Why.OTHER_HOST, refused);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checking.checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checking.checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("nobody shows us a client's certificate");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("nobody shows us a client's certificate");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("nobody shows us a client's certificate");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return Arrays.copyOf(checking.getAcceptedIssuers(), checking.getAcceptedIssuers().length);
  }
}
