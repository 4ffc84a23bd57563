package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameEndsTest {
  @Test
  void countsAFrameWhenItsLastByteIsSentHoweverManyWait() {
    FrameEnds ends = new FrameEnds();
    int sent = 0;
    for (int turn = 0; turn < 40; turn++) {
      for (int i = 1; i <= turn; i++) {
        ends.add(turn * 1_000L + i * 10L);
      }
      assertThat(ends.removeUpTo(turn * 1_000L + 9)).isZero();
      sent += ends.removeUpTo(turn * 1_000L + 10L * (turn / 2) + 5);
      sent += ends.removeUpTo(turn * 1_000L + 999);
    }
    assertThat(sent).isEqualTo(39 * 40 / 2);
  }
}
