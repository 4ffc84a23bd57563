package manycast.media.ingest;

import static manycast.media.frame.TrackKind.AUDIO;
import static manycast.media.frame.TrackKind.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrackSkewTest {
  private final TrackSkew skew = new TrackSkew();

  /**
   * Both tracks for so long, every 100 ms; answers whether it was ever said that they are apart.
   */
  private boolean run(long fromMs, long forMs, long audioBehindMs) {
    boolean said = false;
    for (long ms = fromMs; ms < fromMs + forMs; ms += 100) {
      said |= skew.note(VIDEO, ms, ms);
      said |= skew.note(AUDIO, ms - audioBehindMs, ms);
    }
    return said;
  }

  @Test
  void soundThatStaysMoreThanASecondBehindOrAheadIsTold() {
    assertThat(run(10_000, 4_900, 1_200)).isFalse();
    assertThat(run(14_900, 400, 1_200)).isTrue();
    assertThat(run(20_000, 5_200, -1_200)).isTrue();
  }

  @Test
  void whatIsASecondApartAtMostOrOnlyForAMomentIsNot() {
    assertThat(run(10_000, 20_000, 1_000)).isFalse();
    assertThat(run(30_000, 3_000, 2_000)).isFalse();
    assertThat(run(33_000, 1_000, 0)).isFalse();
    assertThat(run(34_000, 3_000, 2_000)).isFalse();
  }

  @Test
  void aTrackThatPausesIsNotApart() {
    assertThat(run(0, 1_000, 0)).isFalse();
    for (long ms = 1_000; ms < 60_000; ms += 100) {
      assertThat(skew.note(VIDEO, ms, ms)).isFalse();
    }
  }
}
