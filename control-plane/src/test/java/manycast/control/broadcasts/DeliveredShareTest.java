package manycast.control.broadcasts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveredShareTest {
  @Test
  void isAllOnlyWhereNothingIsMissing() {
    assertThat(share(1_000_000L, 1_000_000, 0).percent()).isEqualTo(100.0);
    assertThat(share(1_000_000L, 999_999, 0).percent()).isEqualTo(99.9);
    assertThat(share(3L, 2, 0).percent()).isEqualTo(66.6);
    assertThat(share(1_000L, 0, 0).percent()).isZero();
  }

  @Test
  void tellsWhatWasSkippedFromWhatWasMissed() {
    assertThat(share(1_000L, 900, 60)).isEqualTo(new DeliveredShare(900, 1_000, 60, 40));
    assertThat(share(1_000L, 990, 60))
        .as("frames of tracks that it was not to get were passed over too")
        .isEqualTo(new DeliveredShare(990, 1_000, 10, 0));
  }

  @Test
  void isNotKnownWhereNothingWasDueOrNobodyCounted() {
    assertThat(DeliveredShare.of(null, 10, 0)).isNull();
    assertThat(DeliveredShare.of(0L, 0, 0)).isNull();
    assertThat(DeliveredShare.of(10L, 12, 0)).as("counted for a part of it").isNull();
  }

  private static DeliveredShare share(@Nullable Long due, long sent, long dropped) {
    return Objects.requireNonNull(DeliveredShare.of(due, sent, dropped));
  }
}
