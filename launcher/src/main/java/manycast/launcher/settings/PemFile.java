package manycast.launcher.settings;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has to stand in the PEM files that settings name. That a key is the one of a certificate is
 * for the node to find out, which has the means to read every kind of them.
 */
final class PemFile {
  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "-----BEGIN (X509 )?CERTIFICATE-----(?<base64>.*?)-----END (X509 )?CERTIFICATE-----",
          Pattern.DOTALL);

  /** One in the old form that is encrypted says so in a header. */
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ((RSA|EC|DSA) )?PRIVATE KEY-----(?!\\s*Proc-Type:)");

  /** Whether there is a certificate and all that are there can be understood. */
  static boolean holdsCertificates(String file) {
    Matcher certificates = CERTIFICATE.matcher(text(file));
    boolean found = false;
    while (certificates.find()) {
      if (!isCertificate(certificates.group("base64"))) {
        return false;
      }
      found = true;
    }
    return found;
  }

  private static boolean isCertificate(String base64) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64.getBytes(US_ASCII));
      CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
      return true;
    } catch (CertificateException | IllegalArgumentException broken) {
      return false;
    }
  }

  /** Whether there is a private key that needs no password. */
  static boolean holdsKey(String file) {
    return KEY.matcher(text(file)).find();
  }

  /** Empty where there is nothing to be read. */
  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException unreadable) {
      return "";
    }
  }

  private PemFile() {}
}
