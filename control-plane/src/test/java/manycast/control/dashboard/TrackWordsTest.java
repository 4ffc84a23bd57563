package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import manycast.control.live.LiveView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrackWordsTest {
  private static final LiveView.Track PICTURE =
      new LiveView.Track(
          "video",
          0,
          "H.264",
          "High",
          "4.2",
          1920,
          1080,
          8,
          60.0,
          59.94,
          new LiveView.KeyframeInterval(2000, 1990, 2500),
          400L,
          true,
          null,
          null,
          6_000_000L,
          6_000_000L,
          6_000_000L,
          new LiveView.BitrateSwing(6_600_000L, 6_000_000L),
          1.5,
          90_000L,
          2L,
          0.0);

  @Test
  void saysTheDefaultTracksAtAGlance() {
    assertThat(TrackWords.glance(ingest(PICTURE, sound(0), sound(1))))
        .extracting(pair -> pair.key() + "=" + pair.value())
        .containsExactly(
            "picture=1920 × 1080",
            "frame-rate=59.94 of 60 fps",
            "video=H.264 High 4.2, B-frames",
            "keyframes=2.0 s, mean 2.0, most 2.5",
            "audio=AAC LC, 44.10 kHz, stereo",
            "audio-ahead=sound 12 ms later",
            "jitter=1.5 ms",
            "missing=2 of 90,000",
            "more=1 further track");
    assertThat(TrackWords.details(ingest())).isEmpty();
  }

  @Test
  void saysThatThereIsNoSound() {
    assertThat(TrackWords.glance(ingest(PICTURE)))
        .extracting(pair -> pair.key() + "=" + pair.value())
        .contains("audio=none");
  }

  @Test
  void saysEachFigureOfEachTrack() {
    List<TrackWords.Details> all = TrackWords.details(ingest(PICTURE, sound(1)));

    assertThat(all)
        .extracting(TrackWords.Details::title)
        .containsExactly("Video", "Audio, track 1", "All together");
    assertThat(all.getFirst().pairs())
        .extracting(pair -> pair.key() + "=" + pair.value())
        .containsExactly(
            "codec=H.264 High 4.2",
            "resolution=1920 × 1080",
            "bit-depth=8 bit",
            "frame-rate=60 per second",
            "measured-rate=59.94 per second",
            "keyframes=2.0 s, 2.0 s, 2.5 s",
            "b-frames=yes",
            "bitrate=6.00 Mbit/s",
            "jitter=1.5 ms",
            "frames=90,000",
            "missing=2");
    assertThat(all.getLast().pairs())
        .extracting(pair -> pair.key() + "=" + pair.value())
        .containsExactly("audio-ahead=-12 ms", "corrections=0");
  }

  private static LiveView.Track sound(int number) {
    return new LiveView.Track(
        "audio", number, "AAC", "LC", null, null, null, null, null, null, null, null, null, 44_100,
        2, 128_000L, 128_000L, 128_000L, null, 0.0, 7L, 0L, 0.0);
  }

  private static LiveView.Ingest ingest(LiveView.Track... tracks) {
    @Nullable Long unknown = null;
    return new LiveView.Ingest(
        "rtmp",
        "203.0.113.7",
        "OBS",
        "H.264",
        1920,
        1080,
        60.0,
        2000,
        "AAC",
        1L,
        1L,
        1L,
        -12L,
        3L,
        0L,
        1.0,
        0L,
        unknown,
        List.of(tracks),
        List.of());
  }
}
