package manycast.db.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;

class ServiceTokenTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Map<String, RegisteredKey> registered = new ConcurrentHashMap<>();
  private final ProcessIdentity control = process(NOW);
  private final ProcessIdentity node = process(NOW);
  private final ServiceTokenVerifier verifier = verifierAt(NOW);

  private ProcessIdentity process(Instant now) {
    ProcessIdentity identity = ProcessIdentity.generate(Clock.fixed(now, ZoneOffset.UTC));
    registered.put(identity.id(), identity.publicKey("control-plane"));
    return identity;
  }

  private ServiceTokenVerifier verifierAt(Instant now) {
    return new ServiceTokenVerifier(node.id(), registered::get, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void saysWhoMintedAToken() throws Exception {
    assertThat(verifier.verify(control.mint(node.id()))).isEqualTo(control.id());
  }

  @Test
  void anIdIsTheHashOfTheKey() throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(control.publicKey("control-plane").key().getEncoded());
    assertThat(control.id()).isEqualTo(HexFormat.of().formatHex(hash).substring(0, 32));
    assertThat(control.publicKey("control-plane").key().getEncoded()).hasSize(44);
  }

  @Test
  void acceptsATokenForAMinuteAndTheDifferenceOfClocks() throws Exception {
    String token = control.mint(node.id());
    assertThat(verifierAt(NOW.plusSeconds(69)).verify(token)).isEqualTo(control.id());
    assertThatThrownBy(() -> verifierAt(NOW.plusSeconds(71)).verify(token))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessage("the token has expired");
    assertThat(verifierAt(NOW.minusSeconds(9)).verify(token)).isEqualTo(control.id());
    assertRefused(verifierAt(NOW.minusSeconds(30)), token);
  }

  @Test
  void refusesATokenForAnother() {
    assertRefused(verifier, control.mint(control.id()));
  }

  @Test
  void refusesAnUnknownIssuer() {
    ProcessIdentity stranger = ProcessIdentity.generate(Clock.fixed(NOW, ZoneOffset.UTC));
    assertThatThrownBy(() -> verifier.verify(stranger.mint(node.id())))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessage("the token names no process that we know");
  }

  @Test
  void refusesWhoeverSpeaksAsAnother() throws Exception {
    ProcessIdentity liar = process(NOW);
    JwtClaims claims = claims(control.id(), Duration.ofSeconds(60));
    assertRefused(verifier, liar.sign(claims, liar.id()));
    assertRefused(verifier, liar.sign(claims, control.id()));
  }

  @Test
  void refusesALongerLifeThanAMinute() throws Exception {
    assertThat(
            verifier.verify(
                control.sign(claims(control.id(), Duration.ofSeconds(60)), control.id())))
        .isEqualTo(control.id());
    assertRefused(
        verifier, control.sign(claims(control.id(), Duration.ofSeconds(61)), control.id()));
    JwtClaims eternal = claims(control.id(), Duration.ofSeconds(60));
    eternal.unsetClaim("exp");
    assertRefused(verifier, control.sign(eternal, control.id()));
  }

  @Test
  void refusesEveryAlteredCharacter() {
    String token = control.mint(node.id());
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      // The last character carries bits that no byte uses: altering those alone is not seen.
      if (token.charAt(i) != '.' && i < token.length() - 1) {
        assertRefused(verifier, token.substring(0, i) + other + token.substring(i + 1));
      }
    }
  }

  @Test
  void refusesTokensWithoutASignature() {
    String[] parts = control.mint(node.id()).split("\\.");
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                ("{\"alg\":\"none\",\"kid\":\"" + control.id() + "\"}")
                    .getBytes(StandardCharsets.UTF_8));
    assertRefused(verifier, none + "." + parts[1] + ".");
    assertRefused(verifier, none + "." + parts[1] + "." + parts[2]);
  }

  @Test
  void refusesAMacMadeWithThePublicKey() throws Exception {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    signature.setKeyIdHeaderValue(control.id());
    signature.setPayload(claims(control.id(), Duration.ofSeconds(60)).toJson());
    signature.setKey(new HmacKey(control.publicKey("control-plane").key().getEncoded()));
    assertRefused(verifier, signature.getCompactSerialization());
  }

  @Test
  void refusesWhatIsNoToken() {
    for (String text : new String[] {"", ".", "..", "a.b.c", "x".repeat(5000), "Bearer é"}) {
      assertRefused(verifier, text);
    }
  }

  @Test
  void saysWhenTheKeysCannotBeRead() {
    ServiceTokenVerifier blind =
        new ServiceTokenVerifier(
            node.id(),
            id -> {
              throw new KeysUnavailableException("away", new IllegalStateException());
            },
            Clock.fixed(NOW, ZoneOffset.UTC));
    assertThatThrownBy(() -> blind.verify(control.mint(node.id())))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessage("the issuer's key cannot be read now");
  }

  private static void assertRefused(ServiceTokenVerifier verifier, String token) {
    assertThatThrownBy(() -> verifier.verify(token))
        .as(token)
        .isInstanceOf(InvalidTokenException.class);
  }

  private JwtClaims claims(String issuer, Duration life) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(issuer);
    claims.setAudience(node.id());
    claims.setIssuedAt(NumericDate.fromSeconds(NOW.getEpochSecond()));
    claims.setExpirationTime(NumericDate.fromSeconds(NOW.getEpochSecond() + life.toSeconds()));
    return claims;
  }
}
