package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class DriftMeterTest {
  private final DriftMeter meter = new DriftMeter();

  /** 25 pictures a second, and so far ahead the sound is at each of them. */
  private void seconds(int from, int to, LongUnaryOperator aheadMs) {
    for (long ms = from * 1_000L; ms < to * 1_000L; ms += 40) {
      meter.add(aheadMs.applyAsLong(ms), ms);
    }
  }

  @Test
  void anOffsetThatStaysIsNoDrift() {
    seconds(0, 600, ms -> -800 + (ms / 40) % 5 * 20);
    assertThat(meter.driftMs()).isZero();
  }

  @Test
  void soundThatMovesAwayIsToldInItsDirection() {
    seconds(0, 60, ms -> 200 + ms / 100);
    // The last whole span but one began at 48 s, the one that it is compared with at 4 s.
    assertThat(meter.driftMs()).isEqualTo(440);
    meter.restart();
    seconds(60, 120, ms -> 200 - (ms - 60_000) / 100);
    assertThat(meter.driftMs()).isEqualTo(-440);
  }

  @Test
  void aSpanThatWasDisturbedSaysNothing() {
    for (int second = 0; second < 100; second += 4) {
      int now = second;
      seconds(now, now + 4, _ -> now == 40 ? 900 : now == 60 ? -900 : 10);
      assertThat(meter.driftMs()).as("after %d s", now).isZero();
    }
  }

  @Test
  void anotherConnectionIsComparedWithItself() {
    seconds(0, 40, _ -> 10);
    meter.restart();
    seconds(40, 80, _ -> 500);
    assertThat(meter.driftMs()).isZero();
  }
}
