package manycast.db.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * This process: a key pair made at start that never leaves memory, and an id that is the hash of
 * its public half, so that nobody else can be it. Safe for use by many threads.
 */
public final class ProcessIdentity {
  static final Duration TOKEN_LIFE = Duration.ofSeconds(60);

  /** No viewer token lives longer. */
  public static final Duration LONGEST_VIEWER_TOKEN_LIFE = Duration.ofMinutes(10);

  static final String VIEWER_AUDIENCE = "preview";

  private final KeyPair keys;
  private final String id;
  private final Clock clock;

  private ProcessIdentity(KeyPair keys, Clock clock) {
    this.keys = keys;
    this.id = KeyIds.idOf(keys.getPublic());
    this.clock = clock;
  }

  /** A new identity, unlike any before. */
  public static ProcessIdentity generate() {
    return generate(Clock.systemUTC());
  }

  static ProcessIdentity generate(Clock clock) {
    try {
      return new ProcessIdentity(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), clock);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no Ed25519", e);
    }
  }

  /** 32 hex digits; a media plane's node id is this. */
  public String id() {
    return id;
  }

  /** The public half, as others verify with. */
  public RegisteredKey publicKey(String kind) {
    return new RegisteredKey(id, kind, keys.getPublic());
  }

  /**
   * Registers the public half, or says that it is still in use. Call at start and then about
   * hourly: a key not seen for 7 days is dropped. The connection's role decides which plane this
   * is.
   */
  public void register(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select register_process_key(?)")) {
      statement.setBytes(1, keys.getPublic().getEncoded());
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next() || !id.equals(result.getString(1))) {
          throw new IllegalStateException(
              "the database computes process ids in another way than we do");
        }
      }
    }
  }

  /** A service token for one other process: a JWT signed with EdDSA, good for 60 seconds. */
  public String mint(String audienceProcessId) {
    return sign(claims(audienceProcessId, TOKEN_LIFE));
  }

  /**
   * A viewer token: whoever has it may watch the preview of this one broadcast, at any node, until
   * it expires. It goes into URLs as it is: its characters are letters, digits, {@code -}, {@code
   * _} and {@code .}. Nodes take those of control planes alone, and only once the key has been
   * {@linkplain #register registered}. See {@link ViewerTokenVerifier}.
   *
   * @param life from now, in whole seconds; at most {@link #LONGEST_VIEWER_TOKEN_LIFE}
   */
  public String mintViewerToken(UUID broadcastId, Duration life) {
    if (life.toSeconds() < 1 || life.compareTo(LONGEST_VIEWER_TOKEN_LIFE) > 0) {
      throw new IllegalArgumentException(
          "viewer token with a life of " + life + ": 1 s to " + LONGEST_VIEWER_TOKEN_LIFE);
    }
    JwtClaims claims = claims(VIEWER_AUDIENCE, life);
    claims.setSubject(broadcastId.toString());
    return sign(claims);
  }

  private JwtClaims claims(String audience, Duration life) {
    NumericDate now = NumericDate.fromMilliseconds(clock.millis());
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(id);
    claims.setAudience(audience);
    claims.setIssuedAt(now);
    claims.setExpirationTime(NumericDate.fromSeconds(now.getValue() + life.toSeconds()));
    return claims;
  }

  private String sign(JwtClaims claims) {
    try {
      return sign(claims, id);
    } catch (JoseException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
  }

  String sign(JwtClaims claims, String keyId) throws JoseException {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
    signature.setKeyIdHeaderValue(keyId);
    signature.setPayload(claims.toJson());
    signature.setKey(keys.getPrivate());
    return signature.getCompactSerialization();
  }

  @Override
  public String toString() {
    return id;
  }
}
