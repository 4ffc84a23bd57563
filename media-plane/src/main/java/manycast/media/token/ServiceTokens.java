package manycast.media.token;

import manycast.db.identity.InvalidTokenException;
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

  /** Takes tokens that were made for this process. */
  public ServiceTokens(String ownId, PublicKeys keys) {
    this.verifier = new ServiceTokenVerifier(ownId, keys);
  }

  /**
   * Whether an Authorization header holds one. While the keys of other processes cannot be read,
   * none of a process that was not heard of before is.
   */
  public boolean isGenuine(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return false;
    }
    try {
      verifier.verify(authorization.substring(SCHEME.length()).strip());
      return true;
    } catch (InvalidTokenException e) {
      return false;
    }
  }
}
