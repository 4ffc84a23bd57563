package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BitrateAdviceTest {
  private static final long STREAM_BPS = 6_200_000;

  private final BitrateAdvice advice = new BitrateAdvice();

  /** A jump every {@code everyMs}, by a connection that takes so much. */
  private void jump(int times, long everyMs, long takenBps) {
    advice.begin(0);
    for (int jump = 1; jump <= times; jump++) {
      long nowMs = jump * everyMs;
      advice.note(jump, takenBps * nowMs / 8_000, STREAM_BPS, nowMs);
    }
  }

  @Test
  void namesTheThroughputAndABitrateThatFitsAfterThreeJumpsInHalfAMinute() {
    jump(2, 10_000, 4_100_000);
    assertThat(advice.sentence()).isNull();
    jump(3, 10_000, 4_100_000);
    assertThat(advice.sentence())
        .isEqualTo(
            "The connection takes 4.1 Mbit/s; your stream is 6.2 Mbit/s. Lower the bitrate to about 3.7 Mbit/s.");
  }

  @Test
  void saysNothingOfRareJumpsAndOfAConnectionThatTakesEnough() {
    jump(10, 16_000, 4_100_000);
    assertThat(advice.sentence()).isNull();
    jump(5, 5_000, 7_000_000);
    assertThat(advice.sentence()).isNull();
  }

  @Test
  void takesItsWordBackOnceHalfAMinuteWentWellOrAnotherConnectionBegins() {
    jump(4, 5_000, 4_100_000);
    advice.note(4, 0, STREAM_BPS, 50_000);
    assertThat(advice.sentence()).isNotNull();
    advice.note(4, 0, STREAM_BPS, 50_001);
    assertThat(advice.sentence()).isNull();
    jump(4, 5_000, 4_100_000);
    advice.begin(4);
    assertThat(advice.sentence()).isNull();
  }
}
