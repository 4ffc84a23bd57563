package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelayTotalsTest {
  @Test
  void wasLiveWhoseFramesWereTakenAndWhoWasNotGivenUpAfterAll() {
    assertThat(new RelayTotals(5_000, 30, 0, 30, 0, 2, false).wasLive()).isTrue();
    assertThat(new RelayTotals(5_000, 30, 0, 30, 0, 2, true).wasLive()).isFalse();
    assertThat(new RelayTotals(3_000, 0, 0, 0, 0, 0, false).wasLive()).isFalse();
    assertThat(RelayTotals.NONE.wasLive()).isFalse();
  }
}
