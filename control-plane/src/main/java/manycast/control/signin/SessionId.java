package manycast.control.signin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random value that a browser holds in its cookie. The database knows its SHA-256 alone; the
 * token of forms is derived from it, so that forms outlive a restart and nothing more need be
 * stored.
 */
public final class SessionId {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final String value;

  private SessionId(String value) {
    this.value = value;
  }

  /** A new one of 256 random bits. */
  public static SessionId random() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  static boolean isOne(String value) {
    return FORM.matcher(value).matches();
  }

  /** What a browser sent; must be {@link #isOne} in form. */
  static SessionId of(String value) {
    if (!isOne(value)) {
      throw new IllegalArgumentException("not the form of a session id");
    }
    return new SessionId(value);
  }

  /** For the cookie only. */
  String cookieValue() {
    return value;
  }

  /** How the database finds it. */
  byte[] hash() {
    return sha256(value);
  }

  static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The token that this browser's forms carry. */
  String csrf() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(value.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal("forms".getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SessionId that && that.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "SessionId[…]";
  }
}
