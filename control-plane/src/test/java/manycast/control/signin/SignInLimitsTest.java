package manycast.control.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignInLimitsTest {
  private final SignInLimits limits = new SignInLimits();
  private final Instant start = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void makesAnAccountWaitAfterItsLimitWhateverTheAddress() {
    for (int i = 0; i < SignInLimits.PER_ACCOUNT; i++) {
      assertThat(limits.wait("a@example.com", "203.0.113." + i, start)).isZero();
      limits.failed("A@example.com", "203.0.113." + i, start.plusSeconds(i));
    }

    Instant now = start.plusSeconds(60);
    assertThat(limits.wait("a@example.com", "198.51.100.1", now))
        .isEqualTo(SignInLimits.WINDOW.minusSeconds(60));
    assertThat(limits.wait("b@example.com", "198.51.100.1", now)).isZero();
  }

  @Test
  void letsTheAccountInAgainWhenTheWindowHasPassed() {
    for (int i = 0; i < SignInLimits.PER_ACCOUNT; i++) {
      limits.failed("a@example.com", "203.0.113.1", start);
    }

    assertThat(limits.wait("a@example.com", "198.51.100.1", start.plus(SignInLimits.WINDOW)))
        .isZero();
  }

  @Test
  void makesAnAddressWaitAfterItsLimitWhateverTheAccount() {
    for (int i = 0; i < SignInLimits.PER_ADDRESS; i++) {
      limits.failed(i + "@example.com", "203.0.113.1", start);
    }

    assertThat(limits.wait("new@example.com", "203.0.113.1", start)).isEqualTo(SignInLimits.WINDOW);
    assertThat(limits.wait("new@example.com", "203.0.113.2", start)).isZero();
  }

  @Test
  void countsAnIpv6NetworkOf64BitsAsOneAddress() {
    for (int i = 0; i < SignInLimits.PER_ADDRESS; i++) {
      limits.failed(i + "@example.com", "2001:db8:1:2::" + Integer.toHexString(i + 1), start);
    }

    assertThat(limits.wait("new@example.com", "2001:db8:1:2:ffff::9", start))
        .isEqualTo(SignInLimits.WINDOW);
    assertThat(limits.wait("new@example.com", "2001:db8:1:3::1", start)).isZero();
  }

  @Test
  void countsNoLoopbackAddress() {
    for (int i = 0; i < SignInLimits.PER_ADDRESS * 2; i++) {
      limits.failed(i + "@example.com", i % 2 == 0 ? "127.0.0.1" : "0:0:0:0:0:0:0:1", start);
    }

    assertThat(limits.wait("new@example.com", "127.0.0.1", start)).isZero();
    assertThat(limits.wait("new@example.com", "0:0:0:0:0:0:0:1", start)).isZero();
  }

  @Test
  void forgetsWhatWasMistypedOnceTheRightPasswordIsGiven() {
    for (int i = 0; i < SignInLimits.PER_ACCOUNT - 1; i++) {
      limits.failed("a@example.com", "127.0.0.1", start);
    }
    limits.succeeded("a@example.com");
    limits.failed("a@example.com", "127.0.0.1", start);

    assertThat(limits.wait("a@example.com", "127.0.0.1", start)).isEqualTo(Duration.ZERO);
  }
}
