package manycast.media.token;

import manycast.db.identity.InvalidTokenException;
import manycast.db.identity.KeysUnavailableException;
import manycast.db.identity.PublicKeys;
import manycast.db.identity.ServiceTokenVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Checks the service tokens that other processes send us. May block on the database; never on an
 * event loop.
 */
public final class ServiceTokens {
  private static final String SCHEME = "Bearer ";

  private final ServiceTokenVerifier verifier;

  /** What a header proved. */
  public enum Verdict {
    VALID,
    INVALID,
    /** The keys of other processes cannot be read now. */
    UNKNOWN
  }

  /** Takes tokens that were made for this process. */
  public ServiceTokens(String ownId, PublicKeys keys) {
    this.verifier = new ServiceTokenVerifier(ownId, keys);
  }

  /** Checks an Authorization header. */
  public Verdict check(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return Verdict.INVALID;
    }
    try {
      verifier.verify(authorization.substring(SCHEME.length()).strip());
      return Verdict.VALID;
    } catch (InvalidTokenException e) {
      return Verdict.INVALID;
    } catch (KeysUnavailableException e) {
      return Verdict.UNKNOWN;
    }
  }
}
