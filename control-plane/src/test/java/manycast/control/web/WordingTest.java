package manycast.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordingTest {
  @Test
  void writesBitrates() {
    assertThat(Wording.bitrate(null)).isEqualTo("– kbit/s");
    assertThat(Wording.bitrate(0L)).isEqualTo("0 kbit/s");
    assertThat(Wording.bitrate(640_400L)).isEqualTo("640 kbit/s");
    assertThat(Wording.bitrate(999_999L)).isEqualTo("1000 kbit/s");
    assertThat(Wording.bitrate(6_012_345L)).isEqualTo("6.01 Mbit/s");
    assertThat(Wording.bitrate(51_000_000L)).isEqualTo("51.0 Mbit/s");
  }

  @Test
  void writesBytes() {
    assertThat(Wording.bytes(999)).isEqualTo("999 B");
    assertThat(Wording.bytes(1_234_567_890)).isEqualTo("1.23 GB");
    assertThat(Wording.bytes(45_600_000)).isEqualTo("45.6 MB");
    assertThat(Wording.bytes(456_000)).isEqualTo("456 kB");
  }

  @Test
  void writesLengths() {
    assertThat(Wording.length(Duration.ofSeconds(48))).isEqualTo("48 s");
    assertThat(Wording.length(Duration.ofSeconds(111))).isEqualTo("1 min 51 s");
    assertThat(Wording.length(Duration.ofSeconds(240))).isEqualTo("4 min");
    assertThat(Wording.length(Duration.ofSeconds(601))).isEqualTo("10 min");
    assertThat(Wording.length(Duration.ofMinutes(12))).isEqualTo("12 min");
    assertThat(Wording.length(Duration.ofMinutes(72))).isEqualTo("1 h 12 min");
    assertThat(Wording.running(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
    assertThat(Wording.running(Duration.ofSeconds(-5))).isEqualTo("0:00:00");
  }
}
