package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClockMeterTest {
  private final ClockMeter clock = new ClockMeter();

  @Test
  void nothingIsKnownBeforeAnythingComes() {
    assertThat(clock.leadMs()).isZero();
    assertThat(clock.pace(1_000)).isZero();
  }

  @Test
  void mediaInRealTimeKeepsThePaceOfTheClock() {
    for (long ms = 0; ms <= 60_000; ms += 20) {
      clock.note(5_000 + ms, 90_000 + ms);
    }
    assertThat(clock.leadMs()).isZero();
    assertThat(clock.pace(150_000)).isCloseTo(1, Offset.offset(0.01));
  }

  @Test
  void mediaThatRunsFasterGetsAhead() {
    for (long ms = 0; ms <= 60_000; ms += 20) {
      clock.note(ms * 3 / 2, ms);
    }
    assertThat(clock.leadMs()).isEqualTo(30_000);
    assertThat(clock.pace(60_000)).isCloseTo(1.5, Offset.offset(0.01));
    clock.restart();
    clock.note(200_000, 70_000);
    assertThat(clock.leadMs()).isZero();
  }

  @Test
  void whatWasHeldUpOnlyCatchesUp() {
    for (long ms = 0; ms <= 60_000; ms += 20) {
      clock.note(ms, ms > 40_000 && ms < 50_000 ? 50_000 : ms);
      assertThat(clock.leadMs()).isLessThanOrEqualTo(0);
    }
    assertThat(clock.leadMs()).isZero();
  }
}
