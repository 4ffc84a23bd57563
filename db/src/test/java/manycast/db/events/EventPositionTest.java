package manycast.db.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPositionTest {
  @Test
  void isSixteenHexDigitsTwice() {
    EventPosition position = new EventPosition(0x2a, 0xffL);
    assertThat(position).hasToString("000000000000002a-00000000000000ff");
    assertThat(EventPosition.parse(position.toString())).isEqualTo(position);
    EventPosition last = new EventPosition(Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(EventPosition.parse(last.toString())).isEqualTo(last);
  }

  @Test
  void sortsByTransactionFirstAsItsTextDoes() {
    EventPosition earlier = new EventPosition(15, 1000);
    EventPosition later = new EventPosition(16, 2);
    assertThat(later.isAfter(earlier)).isTrue();
    assertThat(earlier.isAfter(earlier)).isFalse();
    assertThat(later.toString().compareTo(earlier.toString())).isPositive();
    assertThat(new EventPosition(16, 10).isAfter(later)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "000000000000002a",
        "000000000000002a-00000000000000f",
        "000000000000002A-00000000000000ff",
        "ffffffffffffffff-0000000000000001",
        "000000000000002a-00000000000000ff ",
        "'; drop table event; --"
      })
  void refusesWhatIsNoId(String text) {
    assertThatThrownBy(() -> EventPosition.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
