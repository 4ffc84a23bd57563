package manycast.db.identity;

import java.time.Clock;
import org.jose4j.jwt.MalformedClaimException;

/**
 * Says which process minted a service token that is meant for us. Accepts EdDSA alone, a life of at
 * most 60 seconds, and clocks that differ by up to 10. Asks {@link PublicKeys}, which may block.
 * Safe for use by many threads.
 */
public final class ServiceTokenVerifier {
  private final SignedTokens tokens;

  public ServiceTokenVerifier(String ownId, PublicKeys keys) {
    this(ownId, keys, Clock.systemUTC());
  }

  ServiceTokenVerifier(String ownId, PublicKeys keys, Clock clock) {
    this.tokens = new SignedTokens(ownId, ProcessIdentity.TOKEN_LIFE, null, keys, clock);
  }

  /**
   * Returns the id of the process that minted {@code jwt}.
   *
   * @throws InvalidTokenException when it is not a token that a registered process minted for us
   *     just now
   */
  public String verify(String jwt) throws InvalidTokenException {
    try {
      return tokens.read(jwt).getIssuer();
    } catch (MalformedClaimException e) {
      throw new InvalidTokenException("a claim of the token is malformed");
    }
  }
}
