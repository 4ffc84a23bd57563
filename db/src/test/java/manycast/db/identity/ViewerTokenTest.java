package manycast.db.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.Test;

class ViewerTokenTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final UUID BROADCAST = UUID.fromString("0198c0de-0000-7000-8000-000000000001");

  private final Map<String, RegisteredKey> registered = new ConcurrentHashMap<>();
  private final ProcessIdentity control = process("control-plane");

  private ProcessIdentity process(String kind) {
    ProcessIdentity identity = ProcessIdentity.generate(Clock.fixed(NOW, ZoneOffset.UTC));
    registered.put(identity.id(), identity.publicKey(kind));
    return identity;
  }

  private ViewerTokenVerifier verifierAt(Instant now) {
    return new ViewerTokenVerifier(registered::get, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void namesOneBroadcastAndItsEnd() throws Exception {
    String token = control.mintViewerToken(BROADCAST, Duration.ofSeconds(20));
    assertThat(verifierAt(NOW).verify(token))
        .isEqualTo(new ViewerTokenVerifier.Viewing(BROADCAST, NOW.plusSeconds(20)));
    assertThat(token).matches("[A-Za-z0-9._-]+").hasSizeLessThan(600);
  }

  @Test
  void expiresAfterItsLifeAndTheDifferenceOfClocks() throws Exception {
    String token = control.mintViewerToken(BROADCAST, Duration.ofMinutes(10));
    verifierAt(NOW.plusSeconds(609)).verify(token);
    assertThatThrownBy(() -> verifierAt(NOW.plusSeconds(611)).verify(token))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessage("the token has expired");
  }

  @Test
  void isMintedForTenMinutesAtMost() throws Exception {
    assertThatThrownBy(() -> control.mintViewerToken(BROADCAST, Duration.ofSeconds(601)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> control.mintViewerToken(BROADCAST, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    JwtClaims eternal = new JwtClaims();
    eternal.setIssuer(control.id());
    eternal.setAudience("preview");
    eternal.setSubject(BROADCAST.toString());
    eternal.setIssuedAt(NumericDate.fromSeconds(NOW.getEpochSecond()));
    eternal.setExpirationTime(NumericDate.fromSeconds(NOW.getEpochSecond() + 601));
    assertRefused(control.sign(eternal, control.id()));
  }

  @Test
  void isMintedByControlPlanesAlone() {
    assertRefused(process("media-plane").mintViewerToken(BROADCAST, Duration.ofMinutes(1)));
    ProcessIdentity stranger = ProcessIdentity.generate(Clock.fixed(NOW, ZoneOffset.UTC));
    assertRefused(stranger.mintViewerToken(BROADCAST, Duration.ofMinutes(1)));
  }

  @Test
  void isNoServiceTokenAndNoServiceTokenIsOne() {
    assertRefused(control.mint("preview"));
    ServiceTokenVerifier node =
        new ServiceTokenVerifier("0123", registered::get, Clock.fixed(NOW, ZoneOffset.UTC));
    assertThatThrownBy(
            () -> node.verify(control.mintViewerToken(BROADCAST, Duration.ofSeconds(20))))
        .isInstanceOf(InvalidTokenException.class);
  }

  private void assertRefused(String token) {
    assertThatThrownBy(() -> verifierAt(NOW).verify(token))
        .isInstanceOf(InvalidTokenException.class);
  }
}
