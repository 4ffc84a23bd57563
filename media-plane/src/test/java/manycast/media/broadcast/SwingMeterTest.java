package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class SwingMeterTest {
  private final SwingMeter meter = new SwingMeter();

  /** Ten frames a second, so many bytes in each second of the range. */
  private void seconds(int from, int to, IntUnaryOperator bytes) {
    for (int second = from; second < to; second++) {
      for (int frame = 0; frame < 10; frame++) {
        meter.add(bytes.applyAsInt(second) / 10, second * 1_000L + frame * 100);
      }
    }
  }

  @Test
  void tellsTheFullestSecondAndTheMeanOfTwoWindowsInARow() {
    seconds(0, 21, second -> second % 2 == 0 ? 1_000 : 3_000);
    assertThat(meter.swing()).as("the second that it began in counts for nothing").isNull();
    seconds(21, 22, second -> 3_000);
    assertThat(meter.swing()).isEqualTo(new SwingMeter.Swing(24_000, 16_000));
  }

  @Test
  void aConstantStreamHasNoPeaks() {
    seconds(0, 60, second -> 750_000);
    assertThat(meter.swing()).isEqualTo(new SwingMeter.Swing(6_000_000, 6_000_000));
  }

  @Test
  void whatRisesOrFallsOnceDoesNotSwing() {
    for (int second = 0; second < 80; second++) {
      int now = second;
      seconds(now, now + 1, _ -> now < 35 ? 1_000 : now < 57 ? 5_000 : 1_000);
      SwingMeter.Swing swing = meter.swing();
      if (swing != null) {
        assertThat(swing.peakBps()).as("after %d s", now).isEqualTo(swing.meanBps());
      }
    }
  }

  @Test
  void afterAPauseItBeginsAnew() {
    seconds(0, 30, second -> 1_000);
    assertThat(meter.swing()).isNotNull();
    seconds(32, 33, second -> 1_000);
    assertThat(meter.swing()).isNull();
  }
}
