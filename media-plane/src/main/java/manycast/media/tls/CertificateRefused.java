package manycast.media.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A server's certificate does not do, and why. */
public final class CertificateRefused extends CertificateException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Why {
    /** It leads to no authority that is trusted here, or it has expired, or is broken. */
    UNTRUSTED,
    /** It is a good one, of another host. */
    OTHER_HOST
  }

  private final Why why;

  CertificateRefused(Why why, CertificateException cause) {
    super(cause.getMessage(), cause);
    this.why = why;
  }

  /** What is wrong with it. */
  public Why why() {
    return why;
  }

  /** The refusal that a failed handshake was caused by, or null when it failed otherwise. */
  public static @Nullable CertificateRefused in(Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof CertificateRefused refused) {
        return refused;
      }
      cause = cause.getCause();
    }
    return null;
  }
}
