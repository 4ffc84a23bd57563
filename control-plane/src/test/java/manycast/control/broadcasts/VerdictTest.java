package manycast.control.broadcasts;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import manycast.db.failures.FailureReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
  private static final Instant SOON = Instant.parse("2026-01-01T20:00:08Z");

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void everyFailureHasItsSentenceTheServersWordsAndWhatComesNext(FailureReason reason) {
    String error = reason.sentence("go away");

    Verdict retried = requireNonNull(Verdict.of(RelayState.RETRYING, error, reason.code(), SOON));
    assertThat(retried.sentence()).startsWith(reason.sentence());
    assertThat(retried.needsYou()).isFalse();
    assertThat(retried.nextAttempt()).isEqualTo(SOON);
    assertThat(retried.said()).isEqualTo(reason == FailureReason.INTERNAL ? null : "go away");

    Verdict failed = requireNonNull(Verdict.of(RelayState.FAILED, error, reason.code(), null));
    assertThat(failed.needsYou()).isTrue();
    assertThat(failed.nextAttempt()).isNull();
  }

  @Test
  void adviceOnADestinationThatRunsNeedsNobodyNow() {
    Verdict advice = Verdict.of(RelayState.LIVE, "Lower the bitrate to 3 Mbit/s.", null, null);
    assertThat(advice)
        .isEqualTo(new Verdict(null, "Lower the bitrate to 3 Mbit/s.", null, false, null));
  }

  @Test
  void ofAnErrorThatIsOverThereIsNothingToSay() {
    assertThat(Verdict.of(RelayState.LIVE, "The connection was lost.", "reset", null)).isNull();
    assertThat(Verdict.of(RelayState.IDLE, null, null, null)).isNull();
    assertThat(Verdict.of(RelayState.CONNECTING, "The connection was lost.", "reset", null))
        .isNull();
  }

  @Test
  void aFailureOfANewerVersionHasASentenceToo() {
    Verdict unknown = requireNonNull(Verdict.of(RelayState.RETRYING, null, "gremlins", SOON));
    assertThat(unknown.sentence()).isEqualTo(FailureReason.RESET.sentence());
  }
}
