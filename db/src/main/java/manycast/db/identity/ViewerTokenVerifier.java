package manycast.db.identity;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;

/**
 * Says which broadcast a viewer token lets somebody watch, and until when: one that a registered
 * control plane has minted, with a life of at most ten minutes. Clocks may differ by up to 10
 * seconds. Asks {@link PublicKeys}, which may block. Safe for use by many threads.
 */
public final class ViewerTokenVerifier {
  private final SignedTokens tokens;

  public ViewerTokenVerifier(PublicKeys keys) {
    this(keys, Clock.systemUTC());
  }

  ViewerTokenVerifier(PublicKeys keys, Clock clock) {
    this.tokens =
        new SignedTokens(
            ProcessIdentity.VIEWER_AUDIENCE,
            ProcessIdentity.LONGEST_VIEWER_TOKEN_LIFE,
            "control-plane",
            keys,
            clock);
  }

  /**
   * What a viewer token allows.
   *
   * @param expiresAt by the minter's clock; by ours it may be accepted 10 seconds longer
   */
  public record Viewing(UUID broadcastId, Instant expiresAt) {}

  /**
   * What this token allows now.
   *
   * @throws InvalidTokenException when it is not a token that a control plane minted for viewers,
   *     or has expired
   */
  public Viewing verify(String jwt) throws InvalidTokenException {
    try {
      JwtClaims claims = tokens.read(jwt);
      String subject = claims.getSubject();
      if (subject == null) {
        throw new InvalidTokenException("the token names no broadcast");
      }
      return new Viewing(
          UUID.fromString(subject), Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
    } catch (MalformedClaimException | IllegalArgumentException e) {
      throw new InvalidTokenException("the token names no broadcast");
    }
  }
}
