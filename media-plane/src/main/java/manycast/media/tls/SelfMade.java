package manycast.media.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate that vouches for itself, for where nobody gave one: encoders have to be told to
 * trust it, so it is kept as long as it is good for the host.
 */
final class SelfMade {
  private static final Logger LOG = LoggerFactory.getLogger(SelfMade.class);
  private static final Duration LEFT_AT_LEAST = Duration.ofDays(30);
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private SelfMade() {}

  /**
   * The one of this file where it is still good for the host, else a new one, which is kept there;
   * without a file one for this run.
   */
  static KeyAndChain forHost(String host, @Nullable Path file)
      throws IOException, GeneralSecurityException {
    if (file != null && Files.isReadable(file)) {
      try {
        KeyAndChain kept = KeyAndChain.ofPem(Files.readString(file));
        if (isGoodFor(kept.chain().getFirst(), host, Instant.now())) {
          return kept;
        }
      } catch (IOException | GeneralSecurityException broken) {
        LOG.warn("{} is made anew: {}", file, broken.getMessage());
      }
    }
    KeyAndChain made = SelfSigning.make(bare(host), Instant.now());
    if (file != null) {
      keep(made, file);
    }
    return made;
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  static boolean isAddress(String name) {
    try {
      return InetAddress.ofLiteral(name) != null;
    } catch (IllegalArgumentException aName) {
      return false;
    }
  }

  private static boolean isGoodFor(X509Certificate certificate, String host, Instant now)
      throws CertificateException {
    if (certificate.getNotAfter().toInstant().isBefore(now.plus(LEFT_AT_LEAST))) {
      return false;
    }
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    String wanted = bare(host);
    return names != null
        && names.stream()
            .anyMatch(
                name ->
                    switch ((Integer) name.get(0)) {
                      case DNS_NAME -> wanted.equalsIgnoreCase((String) name.get(1));
                      case IP_ADDRESS ->
                          isAddress(wanted)
                              && InetAddress.ofLiteral(wanted)
                                  .equals(InetAddress.ofLiteral((String) name.get(1)));
                      default -> false;
                    });
  }

  /** In one piece and for its owner only: nodes of one home may start together. */
  private static void keep(KeyAndChain made, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path whole =
        Files.createTempFile(
            folder,
            "rtmps",
            ".pem",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(whole, made.toPem());
    try {
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException elsewhere) {
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
