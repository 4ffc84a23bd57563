package manycast.media.frame;

import static manycast.media.frame.Track.AUDIO;
import static manycast.media.frame.Track.VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private final Timeline timeline = new Timeline();

  @Test
  void aClockThatBeginsLowIsTakenAsItIs() {
    assertThat(timeline.mediaMs(VIDEO, 0, 0)).isZero();
    assertThat(timeline.mediaMs(AUDIO, 23, 10)).isEqualTo(23);
    assertThat(timeline.mediaMs(VIDEO, 33, 20)).isEqualTo(33);
  }

  @Test
  void aHighClockIsBroughtNearZeroAndTracksKeepTheirOffset() {
    long video = timeline.mediaMs(VIDEO, 500_000_000, 0);
    assertThat(video).isBetween(0L, 2_000L);
    assertThat(timeline.mediaMs(AUDIO, 499_999_960, 5))
        .as("a track that starts earlier")
        .isEqualTo(video - 40);
  }

  @Test
  void thirtyTwoBitsWrap() {
    long first = timeline.mediaMs(VIDEO, 0xFFFF_FFF0, 0);
    assertThat(timeline.mediaMs(VIDEO, 0x10, 32)).isEqualTo(first + 0x20);
  }

  @Test
  void aStartJustBelowZeroInThirtyOneBitsIsNoJump() {
    long first = timeline.mediaMs(AUDIO, 0x7FFF_FFF0, 0);
    assertThat(timeline.mediaMs(AUDIO, 0x7FFF_FFFC, 5)).isEqualTo(first + 12);
    assertThat(timeline.mediaMs(VIDEO, 7, 10)).isEqualTo(first + 23);
    assertThat(timeline.corrections()).isZero();
  }

  @Test
  void aSmallStepBackIsHeldWithinItsTrackOnly() {
    timeline.mediaMs(VIDEO, 100, 0);
    assertThat(timeline.mediaMs(AUDIO, 90, 1)).isEqualTo(90);
    assertThat(timeline.mediaMs(VIDEO, 95, 2)).isEqualTo(100);
    assertThat(timeline.corrections()).isEqualTo(1);
  }

  @Test
  void aNewClockOfTheEncoderGoesOnByTheRealTime() {
    timeline.mediaMs(VIDEO, 60_000, 0);
    long last = timeline.mediaMs(VIDEO, 60_033, 33);
    long next = timeline.mediaMs(VIDEO, 0, 133);
    assertThat(next).isEqualTo(last + 100);
    assertThat(timeline.mediaMs(AUDIO, 10, 143))
        .as("all tracks are re-based together")
        .isEqualTo(next + 10);
  }

  @Test
  void audioThatArrivesSecondsAfterItsPicturesIsNoNewClock() {
    timeline.mediaMs(VIDEO, 0, 0);
    for (int ms = 2_000; ms <= 60_000; ms += 20) {
      assertThat(timeline.mediaMs(VIDEO, ms, ms)).isEqualTo(ms);
      assertThat(timeline.mediaMs(AUDIO, ms - 1_800, ms)).isEqualTo(ms - 1_800);
    }
    assertThat(timeline.corrections()).isZero();
  }

  @Test
  void aNewClockOfTracksThatArriveFarApartIsBridgedOnce() {
    timeline.mediaMs(VIDEO, 0, 0);
    timeline.mediaMs(AUDIO, 58_200, 60_000);
    long last = timeline.mediaMs(VIDEO, 60_000, 60_000);
    for (int ms = 0; ms <= 20_000; ms += 20) {
      assertThat(timeline.mediaMs(VIDEO, ms, 60_100 + ms)).isEqualTo(last + 100 + ms);
      if (ms >= 1_800) {
        assertThat(timeline.mediaMs(AUDIO, ms - 1_800, 60_100 + ms))
            .isEqualTo(last + 100 + ms - 1_800);
      }
    }
    assertThat(timeline.corrections()).isEqualTo(1);
  }

  @Test
  void goesOnWhereAnEarlierConnectionEndedAsMuchLaterAsNothingCame() {
    Timeline next = new Timeline(new long[] {9_980, 10_000, 9_000}, 500_000);

    assertThat(next.configMs(VIDEO)).isEqualTo(9_980);
    assertThat(next.mediaMs(VIDEO, 0, 540_000)).isEqualTo(50_000);
    assertThat(next.mediaMs(AUDIO, 21, 540_020)).as("one offset for all").isEqualTo(50_021);
    assertThat(next.mediaMs(VIDEO, 40, 540_040)).isEqualTo(50_040);
  }

  @Test
  void anEncoderThatComesBackWithAnyClockGoesOnAtTheSameTime() {
    for (int first : new int[] {0, 7_000, 3_600_000, -1_000, Integer.MIN_VALUE, 0x7FFF_FFF0}) {
      Timeline next = new Timeline(new long[] {1_000, 1_000, 1_000}, 10_000);
      assertThat(next.mediaMs(VIDEO, first, 15_000)).isEqualTo(6_000);
      assertThat(next.mediaMs(AUDIO, first + 10, 15_010)).isEqualTo(6_010);
    }
  }

  @Test
  void whatIsLateForItsTrackInAnotherConnectionNeverStepsBack() {
    Timeline next = new Timeline(new long[] {1_000, 1_000, 0}, 10_000);
    assertThat(next.mediaMs(VIDEO, 500, 10_001)).isEqualTo(1_001);
    assertThat(next.mediaMs(AUDIO, 0, 10_002)).isEqualTo(1_000);
  }

  @Test
  void aForwardJumpWithoutRealTimeIsBridgedAndARealPauseIsNot() {
    long last = timeline.mediaMs(VIDEO, 1_000, 0);
    assertThat(timeline.mediaMs(VIDEO, 900_000, 40)).isEqualTo(last + 40);
    long now = timeline.mediaMs(VIDEO, 900_033, 73);
    assertThat(timeline.mediaMs(VIDEO, 960_033, 60_073)).isEqualTo(now + 60_000);
  }

  @Test
  void aConfigStandsAtTheLastTimeOfItsTrackWhateverItsMessageSays() {
    assertThat(timeline.configMs(VIDEO)).as("before everything").isZero();
    timeline.mediaMs(AUDIO, 4_000, 0);
    assertThat(timeline.configMs(VIDEO)).as("late, with sound running").isZero();
    timeline.mediaMs(VIDEO, 4_100, 100);
    assertThat(timeline.configMs(VIDEO)).as("mid-stream").isEqualTo(4_100);
    assertThat(timeline.configMs(AUDIO)).isEqualTo(4_000);
    assertThat(timeline.configMs(Track.DATA)).as("of the whole broadcast").isEqualTo(4_100);
  }

  @Test
  void aSteadyClockKeepsEveryDifferenceWhereverItBegins() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      Timeline line = new Timeline();
      Track[] tracks = tracks(random);
      int clock = random.nextBoolean() ? random.nextInt() : -random.nextInt(5_000);
      long now = 0;
      long first = line.mediaMs(tracks[0], clock, now);
      long passed = 0;
      for (int i = 0; i < 200; i++) {
        int step = random.nextInt(60);
        passed += step;
        now += step;
        assertThat(line.mediaMs(tracks[random.nextInt(tracks.length)], clock + (int) passed, now))
            .as("seed %d, message %d", seed, i)
            .isEqualTo(first + passed);
      }
      assertThat(line.corrections()).as("seed %d", seed).isZero();
    }
  }

  @Test
  void whateverAnEncodersClockDoesNoTrackGoesBackAndNoneRunsAway() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      Timeline line =
          random.nextBoolean() ? new Timeline() : new Timeline(new long[] {777_000, 777_000, 0}, 0);
      Track[] tracks = tracks(random);
      Map<Track, Long> last = new HashMap<>();
      int clock = random.nextInt();
      long now = 0;
      long begin = -1;
      int jumps = 0;
      for (int i = 0; i < 300; i++) {
        clock +=
            switch (random.nextInt(40)) {
              case 0 -> random.nextInt();
              case 1 -> -random.nextInt(3_000);
              default -> random.nextInt(40);
            };
        now += random.nextInt(40);
        Track track = tracks[random.nextInt(tracks.length)];
        long ms = line.mediaMs(track, clock, now);
        if (begin < 0) {
          begin = ms;
        }
        jumps = (int) line.corrections();
        assertThat(ms)
            .as("seed %d, message %d", seed, i)
            .isGreaterThanOrEqualTo(last.getOrDefault(track, 0L))
            // No single step may carry it further from real time than a jump that is let pass.
            .isLessThanOrEqualTo(line.highestMs());
        assertThat(line.configMs(track)).isEqualTo(ms);
        last.put(track, ms);
      }
      assertThat(line.highestMs() - begin)
          .as("seed %d: with %d corrections", seed, jumps)
          .isBetween(0L, now + 300 * 10_040L);
    }
  }

  private static Track[] tracks(Random random) {
    return random.nextBoolean()
        ? new Track[] {VIDEO}
        : new Track[] {VIDEO, AUDIO, new Track(TrackKind.VIDEO, random.nextInt(256))};
  }
}
