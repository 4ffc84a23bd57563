package manycast.db.identity;

import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokens of one audience that registered processes have signed. Accepts EdDSA alone, a
 * bounded life, and clocks that differ by up to 10 seconds. Asks {@link PublicKeys}, which may
 * block. Safe for use by many threads.
 */
final class SignedTokens {
  private static final int CLOCK_SKEW_SECONDS = 10;
  private static final int LONGEST_TOKEN = 2048;

  private final String audience;
  private final Duration longestLife;
  private final @Nullable String signerKind;
  private final PublicKeys keys;
  private final Clock clock;

  /**
   * Tokens for one audience.
   *
   * @param signerKind which kind of process may sign them; null for any
   */
  SignedTokens(
      String audience,
      Duration longestLife,
      @Nullable String signerKind,
      PublicKeys keys,
      Clock clock) {
    this.audience = audience;
    this.longestLife = longestLife;
    this.signerKind = signerKind;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * What a token says; its issuer has signed it.
   *
   * @throws InvalidTokenException when no such process has signed it for this audience, or not now
   */
  JwtClaims read(String jwt) throws InvalidTokenException {
    if (jwt.length() > LONGEST_TOKEN) {
      throw new InvalidTokenException(
          "token of " + jwt.length() + " characters: at most " + LONGEST_TOKEN);
    }
    try {
      JwtContext context = consumer().process(jwt);
      JwtClaims claims = context.getJwtClaims();
      String signer = context.getJoseObjects().getFirst().getKeyIdHeaderValue();
      if (!Objects.equals(claims.getIssuer(), signer)) {
        throw new InvalidTokenException("the issuer is not the process that signed");
      }
      NumericDate expires = claims.getExpirationTime();
      long life = expires.getValue() - claims.getIssuedAt().getValue();
      if (life > longestLife.toSeconds()) {
        throw new InvalidTokenException(
            "token with a life of %d s: at most %d".formatted(life, longestLife.toSeconds()));
      }
      return claims;
    } catch (InvalidJwtException e) {
      throw new InvalidTokenException(reason(e));
    } catch (MalformedClaimException e) {
      throw new InvalidTokenException("a claim of the token is malformed");
    }
  }

  private JwtConsumer consumer() {
    return new JwtConsumerBuilder()
        .setJwsAlgorithmConstraints(
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA))
        .setVerificationKeyResolver(this::keyOf)
        .setExpectedAudience(audience)
        .setRequireExpirationTime()
        .setRequireIssuedAt()
        .setIssuedAtRestrictions(
            CLOCK_SKEW_SECONDS, (int) longestLife.toSeconds() + CLOCK_SKEW_SECONDS)
        .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
        .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
        .build();
  }

  private Key keyOf(JsonWebSignature signature, List<JsonWebStructure> nesting)
      throws UnresolvableKeyException {
    String id = signature.getKeyIdHeaderValue();
    if (id == null) {
      throw new UnresolvableKeyException("no key id");
    }
    RegisteredKey key;
    try {
      key = keys.find(id);
    } catch (KeysUnavailableException e) {
      throw new UnresolvableKeyException("keys unavailable", e);
    }
    if (key == null || (signerKind != null && !signerKind.equals(key.kind()))) {
      throw new UnresolvableKeyException("unknown key");
    }
    return key.key();
  }

  /** jose4j's own messages quote the token; ours do not. */
  private static String reason(InvalidJwtException e) {
    if (e.hasExpired()) {
      return "the token has expired";
    }
    if (isCausedBy(e, KeysUnavailableException.class)) {
      return "the issuer's key cannot be read now";
    }
    if (isCausedBy(e, UnresolvableKeyException.class)) {
      return "the token names no process that we know";
    }
    return "the token is malformed, altered or not for this process";
  }

  private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
    Throwable cause = failure.getCause();
    while (cause != null && !type.isInstance(cause)) {
      cause = cause.getCause();
    }
    return cause != null;
  }
}
