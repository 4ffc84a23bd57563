package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import manycast.media.frame.Frame;
import org.junit.jupiter.api.Test;

class ReturnGateTest {
  private final ReturnGate gate = new ReturnGate();

  private boolean lets(Frame frame, long nowMs) {
    try {
      return gate.lets(frame, nowMs);
    } finally {
      frame.release();
    }
  }

  @Test
  void anOpenGateLetsEverythingThrough() {
    assertThat(lets(Frames.inter(0, 10), 0)).isTrue();
    assertThat(lets(Frames.audio(0, 10), 0)).isTrue();
  }

  @Test
  void nothingButConfigsComesBeforeTheKeyframe() {
    gate.close(0);
    assertThat(lets(Frames.videoConfig(0, 10), 0)).isTrue();
    assertThat(lets(Frames.metadata(0, 10), 0)).isTrue();
    assertThat(lets(Frames.audio(0, 10), 10)).isFalse();
    assertThat(lets(Frames.inter(0, 10), 20)).isFalse();
    assertThat(lets(Frames.audio(0, 10), 9_000)).as("its picture is still to come").isFalse();
    assertThat(lets(Frames.keyframe(0, 10), 9_010)).isTrue();
    assertThat(lets(Frames.audio(0, 10), 9_020)).isTrue();
    assertThat(lets(Frames.inter(0, 10), 9_030)).isTrue();
  }

  @Test
  void anEncoderThatComesBackWithSoundAloneIsHeardAfterTwoSeconds() {
    gate.close(1_000);
    assertThat(lets(Frames.audio(0, 10), 2_999)).isFalse();
    assertThat(lets(Frames.audio(0, 10), 3_000)).isTrue();
    assertThat(lets(Frames.audio(0, 10), 3_020)).isTrue();
  }
}
