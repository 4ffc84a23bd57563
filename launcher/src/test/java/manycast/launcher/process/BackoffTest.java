package manycast.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  @Test
  void doesNotWaitTheFirstTimeThenLongerAndLongerButNeverOverThirtySeconds() {
    Backoff backoff = new Backoff();
    assertThat(backoff.afterLife(SHORT)).isZero();
    assertThat(backoff.afterLife(SHORT)).isEqualTo(Duration.ofMillis(250));
    assertThat(backoff.afterLife(SHORT)).isEqualTo(Duration.ofMillis(500));
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.afterLife(SHORT)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }
    assertThat(backoff.afterLife(SHORT)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void forgetsWhenAProcessHasLivedLong() {
    Backoff backoff = new Backoff();
    for (int i = 0; i < 5; i++) {
      backoff.afterLife(SHORT);
    }
    assertThat(backoff.afterLife(Duration.ofSeconds(31))).isZero();
  }
}
