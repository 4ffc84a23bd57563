package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrackFiguresTest {
  private final IngestFigures ingest = new IngestFigures("rtmp", "203.0.113.7", "an encoder", 0);
  private final TrackFigures video = ingest.track(Track.VIDEO);

  private void picture(long dtsMs, int offsetMs, PictureType type, long nowMs) {
    ingest.received(
        new Frame(
            Track.VIDEO,
            FrameKind.MEDIA,
            Codec.H264,
            dtsMs * 90,
            offsetMs * 90,
            type,
            Unpooled.wrappedBuffer(new byte[1_000])),
        nowMs);
  }

  private void sound(long dtsMs, long nowMs) {
    ingest.received(
        new Frame(
            Track.AUDIO,
            FrameKind.MEDIA,
            Codec.AAC,
            dtsMs * 90,
            0,
            PictureType.NONE,
            Unpooled.wrappedBuffer(new byte[100])),
        nowMs);
  }

  @Test
  void measuresTheFrameRateOverRoundedTimes() {
    assertThat(video.measuredFrameRate()).as("before anything").isZero();
    for (int i = 0; i < 200; i++) {
      picture(Math.round(i * 1000 / 59.94), 0, PictureType.INTER, i * 17L);
    }
    assertThat(video.measuredFrameRate()).isCloseTo(59.94, Offset.offset(0.1));
    assertThat(video.frameRate()).isCloseTo(59.94, Offset.offset(0.1));
    assertThat(video.missingFrames()).isZero();
    video.announceFrameRate(60);
    assertThat(video.frameRate()).as("what is announced goes first").isEqualTo(60);
  }

  @Test
  void tellsTheLastTheMeanAndTheLongestKeyframeInterval() {
    for (long ms : new long[] {0, 2_000, 4_000, 10_000, 11_000}) {
      picture(ms, 0, PictureType.KEY, ms);
      picture(ms + 40, 0, PictureType.INTER, ms + 40);
      picture(ms + 80, 0, PictureType.GENERATED_KEY, ms + 80);
    }
    assertThat(video.lastKeyframeIntervalMs()).isEqualTo(1_000);
    assertThat(video.meanKeyframeIntervalMs()).isEqualTo(2_750);
    assertThat(video.longestKeyframeIntervalMs()).isEqualTo(6_000);
    assertThat(video.sinceKeyframeMs()).isEqualTo(80);
  }

  @Test
  void countsFramesThatAreMissingButNotAPause() {
    long ms = 0;
    for (int i = 0; i < 100; i++) {
      ms += i == 50 ? 160 : i == 80 ? 8_000 : 40;
      picture(ms, 0, PictureType.INTER, ms);
    }
    assertThat(video.missingFrames()).as("three of 40 ms in the gap of 160").isEqualTo(3);
  }

  @Test
  void seesReorderedPicturesByTheirOffsets() {
    video.codec(Codec.H264, "H.264");
    assertThat(video.hasReorderedPictures()).isNull();
    for (int i = 0; i < 30; i++) {
      picture(i * 40L, i % 2 == 0 ? 80 : 81, PictureType.INTER, i * 40L);
    }
    assertThat(video.hasReorderedPictures()).as("rounding").isFalse();
    picture(1_200, 0, PictureType.INTER, 1_200);
    assertThat(video.hasReorderedPictures()).isTrue();
    TrackFigures av1 = new TrackFigures(Track.VIDEO);
    av1.codec(Codec.AV1, "AV1");
    assertThat(av1.hasReorderedPictures()).as("its tags tell no offset").isNull();
  }

  @Test
  void jitterIsWhatArrivalStraysFromTheTimes() {
    for (int i = 0; i < 400; i++) {
      picture(i * 40L, 0, PictureType.INTER, i * 40L);
    }
    assertThat(video.jitterMs()).isZero();
    for (int i = 400; i < 800; i++) {
      picture(i * 40L, 0, PictureType.INTER, i * 40L + (i % 2) * 10);
    }
    assertThat(video.jitterMs()).isCloseTo(10, Offset.offset(0.1));
  }

  @Test
  void tellsHowFarSoundIsAheadOfPictures() {
    for (int i = 0; i < 400; i++) {
      picture(i * 20L, 0, PictureType.INTER, i * 20L);
      sound(i * 20L + 300, i * 20L);
    }
    assertThat(ingest.audioAheadMs()).isBetween(285L, 300L);
  }

  @Test
  void soundThatGoesOnWhilePicturesAreDroppedHasNotMoved() {
    for (int i = 0; i < 3_000; i++) {
      if (i % 100 > 60) {
        picture(i * 20L, 0, PictureType.INTER, i * 20L);
      }
      sound(i * 20L + 300, i * 20L);
    }
    assertThat(ingest.audioDriftMs()).isZero();
  }

  @Test
  void comparesWithWhatIsUsualOnThisConnection() {
    for (int i = 0; i < 3_000; i++) {
      picture(i * 20L, 0, PictureType.INTER, i * 20L);
    }
    assertThat(video.usualBitrateBps(60_000)).isEqualTo(400_000);
    assertThat(video.bitrateSwing()).isEqualTo(new SwingMeter.Swing(400_000, 400_000));
    for (int i = 3_000; i < 4_500; i += 2) {
      picture(i * 20L, 0, PictureType.INTER, i * 20L);
    }
    assertThat(video.meanBitrateBps(90_000)).isBetween(195_000L, 205_000L);
    assertThat(video.usualBitrateBps(90_000)).isBetween(330_000L, 335_000L);
    ingest.reconnected("rtmp", "203.0.113.7", "an encoder", 100_000);
    assertThat(video.usualBitrateBps(100_000)).isZero();
    assertThat(video.bitrateSwing()).isNull();
  }

  @Test
  void tellsWhichShareOfTheLastFramesIsMissing() {
    for (int i = 0; i < 3_000; i++) {
      // In the last twenty seconds every tenth one.
      if (i < 2_000 || i % 10 != 0) {
        picture(i * 20L, 0, PictureType.INTER, i * 20L);
      }
      if (i == 1_999) {
        assertThat(video.missingShare(i * 20L)).isZero();
      }
    }
    assertThat(video.missingShare(60_000)).isCloseTo(0.1, Offset.offset(0.01));
  }

  @Test
  void listsPicturesBeforeSoundAndFindsTheDefaults() {
    sound(0, 0);
    assertThat(ingest.tracks())
        .extracting(TrackFigures::track)
        .containsExactly(Track.VIDEO, Track.AUDIO);
    assertThat(ingest.video()).isSameAs(video);
    ingest.track(Track.AUDIO).codec(Codec.OPUS, "Opus");
    assertThat(ingest.audioCodec()).isEqualTo(Codec.OPUS);
    assertThat(ingest.videoCodec()).isNull();
  }
}
