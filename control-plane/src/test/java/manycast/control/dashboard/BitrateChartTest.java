package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import manycast.control.live.RecentRates.Rate;
import org.junit.jupiter.api.Test;

class BitrateChartTest {
  private static final Instant NOW = Instant.parse("2026-11-25T20:00:07Z");

  /** The last step that is over at {@link #NOW}. */
  private static final Instant LAST = Instant.parse("2026-11-25T20:00:00Z");

  @Test
  void drawsTheLastFiveMinutesFromLeftToRight() {
    BitrateChart chart = BitrateChart.of(List.of(rate(300, 0), rate(295, 4_000_000)), NOW);

    assertThat(chart.line()).isEqualTo("M0 60L5 12");
    assertThat(chart.area()).isEqualTo("M0 60L0 60L5 12L5 60Z");
    assertThat(chart.top()).isEqualTo("5 Mbit/s");
    assertThat(chart.values()).isEqualTo("0:0 5:4000000");
    assertThat(chart.said())
        .isEqualTo(
            "Bitrate of the last five minutes: lowest 0 kbit/s, highest 4.00 Mbit/s, at last 4.00"
                + " Mbit/s");
  }

  @Test
  void breaksTheCurveWhereNothingIsKnown() {
    BitrateChart chart =
        BitrateChart.of(
            List.of(rate(60, 900_000), rate(55, 900_000), rate(10, 900_000), rate(5, 900_000)),
            NOW);

    assertThat(chart.line()).isEqualTo("M240 6L245 6M290 6L295 6");
    assertThat(chart.area()).isEqualTo("M240 60L240 6L245 6L245 60ZM290 60L290 6L295 6L295 60Z");
  }

  @Test
  void isTheSameUntilAnotherStepIsOver() {
    List<Rate> rates = List.of(rate(10, 1), rate(5, 2), rate(0, 3));

    assertThat(BitrateChart.of(rates, NOW)).isEqualTo(BitrateChart.of(rates, NOW.plusSeconds(2)));
    assertThat(BitrateChart.of(rates, NOW))
        .isNotEqualTo(BitrateChart.of(rates, NOW.plusSeconds(3)));
  }

  @Test
  void drawsNothingOfASingleValue() {
    assertThat(BitrateChart.of(List.of(rate(0, 1)), NOW).drawn()).isFalse();
    assertThat(BitrateChart.of(List.of(), NOW).drawn()).isFalse();
  }

  private static Rate rate(int secondsAgo, long bitrateBps) {
    return new Rate(LAST.minusSeconds(secondsAgo), bitrateBps);
  }
}
