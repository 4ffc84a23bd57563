package manycast.system.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void isTheMedianBetweenItsQuartiles() {
    assertThat(Spread.of(5, 1, 3, 2, 4)).isEqualTo(new Spread(3, 2, 4, 5));
    assertThat(Spread.of(1, 2)).isEqualTo(new Spread(1.5, 1.25, 1.75, 2));
  }

  @Test
  void isWrittenWithThreeDigitsThatMatter() {
    assertThat(Spread.of(0.5)).hasToString("0.50");
    assertThat(Spread.of(1234.5, 12.34, 0.123)).hasToString("12.3 (6.23–623)");
  }
}
