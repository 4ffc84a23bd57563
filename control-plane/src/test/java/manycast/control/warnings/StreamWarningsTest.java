package manycast.control.warnings;

import static manycast.control.warnings.Good.PICTURE;
import static manycast.control.warnings.Good.SOUND;
import static manycast.control.warnings.Good.arriving;
import static manycast.control.warnings.Good.place;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import manycast.control.warnings.Arriving.Picture;
import manycast.control.warnings.Arriving.Sound;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One fault after another in a stream that is otherwise as platforms want it. */
class StreamWarningsTest {
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(
            "keyframes 4 s apart to Twitch and X",
            arriving(keyframes(4000L, 4000L, 4000L, 100L), SOUND),
            List.of(place("Main", "twitch"), place("Ex", "x")),
            "keyframe_interval",
            "Your keyframes are 4.0 s apart, and Main wants one at least every 2 s and Ex wants one"
                + " at least every 3 s",
            "Output → Streaming → Keyframe Interval: 2 s."),
        Arguments.of(
            "5 s to a server of one's own",
            arriving(keyframes(5000L, 5000L, 5000L, 100L), SOUND),
            List.of(place("Mine", "custom")),
            "keyframe_interval",
            "Mine wants one at least every 4 s",
            "Keyframe Interval: 2 s."),
        Arguments.of(
            "Chzzk wants one a second",
            arriving(picture(2000L, false), SOUND),
            List.of(place("Chzzk", "chzzk")),
            "keyframe_interval",
            "Chzzk wants one at least every 1 s",
            "Keyframe Interval: 1 s."),
        Arguments.of(
            "no second keyframe for 20 s",
            arriving(keyframes(null, null, null, 20_000L), SOUND),
            List.of(place("Main", "twitch")),
            "keyframe_interval",
            "No keyframe has come for 20.0 s",
            "Keyframe Interval: 2 s."),
        Arguments.of(
            "keyframes at changes of scene",
            arriving(keyframes(2000L, 1100L, 2000L, 100L), SOUND),
            List.of(place("Main", "twitch")),
            "keyframes_irregular",
            "Main wants them evenly",
            "scenecut=0"),
        Arguments.of(
            "HEVC to Kick, with YouTube beside it",
            arriving(codec("HEVC"), SOUND),
            List.of(place("Kick", "kick"), place("Tube", "youtube")),
            "video_codec",
            "Kick cannot take HEVC, so nothing is sent there.",
            "Video Encoder: one for H.264"),
        Arguments.of(
            "Opus",
            arriving(PICTURE, new Sound(0, "Opus", 48_000, 2, 128_000L)),
            List.of(place("Main", "twitch"), place("Mine", "custom")),
            "audio_codec",
            "Main cannot take Opus",
            "Audio Encoder: AAC."),
        Arguments.of(
            "no sound to Facebook",
            Good.arriving(
                Duration.ofMinutes(1), Duration.ofMinutes(1), 0, List.of(PICTURE), List.of()),
            List.of(place("Face", "facebook"), place("Main", "twitch")),
            "no_audio",
            "No sound arrives, and Face refuses that.",
            "Desktop Audio: Default"),
        Arguments.of(
            "no picture",
            Good.arriving(
                Duration.ofMinutes(1), Duration.ofMinutes(1), 0, List.of(), List.of(SOUND)),
            List.of(place("Main", "twitch")),
            "no_video",
            "No picture arrives",
            "Video Encoder"),
        Arguments.of(
            "8 Mbit/s to Twitch and Kick",
            arriving(bitrate(1080, 60.0, 9_000_000L), SOUND),
            List.of(place("Kick", "kick"), place("Main", "twitch"), place("Tube", "youtube")),
            "bitrate_high",
            "Your video has 9000 kbit/s, and Kick takes 8000 kbit/s and Main takes 6000 kbit/s at"
                + " most.",
            "Bitrate: 6000 Kbps."),
        Arguments.of(
            "too much for 720p30 at Facebook",
            arriving(bitrate(720, 30.0, 6_000_000L), SOUND),
            List.of(place("Face", "facebook")),
            "bitrate_high",
            "Face takes 4000 kbit/s at most",
            "Bitrate: 4000 Kbps."),
        Arguments.of(
            "320 kbit/s of sound to YouTube and X",
            arriving(PICTURE, new Sound(0, "AAC", 48_000, 2, 320_000L)),
            List.of(place("Tube", "youtube"), place("Ex", "x"), place("Main", "twitch")),
            "audio_bitrate_high",
            "Tube takes 160 kbit/s and Ex takes 128 kbit/s at most",
            "Audio Bitrate: 128."),
        Arguments.of(
            "96 kHz",
            arriving(PICTURE, new Sound(0, "AAC", 96_000, 2, 128_000L)),
            List.of(place("Main", "twitch"), place("Tube", "youtube"), place("Mine", "custom")),
            "sample_rate",
            "Your sound has 96 kHz; Main and Tube take 44.1 kHz or 48 kHz.",
            "Sample Rate: 48 kHz."),
        Arguments.of(
            "5.1",
            arriving(PICTURE, new Sound(0, "AAC", 48_000, 6, 128_000L)),
            List.of(place("Main", "twitch"), place("Mine", "custom")),
            "audio_channels",
            "Your sound has 6 channels; Main plays stereo.",
            "Channels: Stereo."),
        Arguments.of(
            "120 pictures a second",
            arriving(rate(120.0), SOUND),
            List.of(place("Main", "twitch")),
            "frame_rate",
            "You send 120 pictures a second, and Main takes 60 a second at most.",
            "Common FPS Values: 60."),
        Arguments.of(
            "4K to Facebook",
            arriving(size(3840, 2160), SOUND),
            List.of(place("Face", "facebook"), place("Main", "twitch")),
            "resolution",
            "Your picture is 3840 × 2160, and Face takes 1080 lines at most.",
            "Output (Scaled) Resolution: 1920x1080."),
        Arguments.of(
            "wide pictures to Instagram",
            arriving(size(1920, 1080), SOUND),
            List.of(place("Insta", "instagram")),
            "aspect",
            "Insta shows upright pictures (9:16).",
            "720x1280"),
        Arguments.of(
            "upright pictures to Facebook",
            arriving(size(720, 1280), SOUND),
            List.of(place("Face", "facebook")),
            "aspect",
            "Face shows wide pictures (16:9).",
            "1920x1080"),
        Arguments.of(
            "B-frames to Chzzk",
            arriving(picture(1000L, true), SOUND),
            List.of(place("Chzzk", "chzzk"), place("Main", "twitch")),
            "b_frames",
            "Chzzk cannot show B-frames",
            "B-frames: 0"),
        Arguments.of(
            "times that jump",
            Good.arriving(
                Duration.ofMinutes(1), Duration.ofMinutes(1), 7, List.of(PICTURE), List.of(SOUND)),
            List.of(place("Main", "twitch")),
            "timestamps",
            "stepped back or jumped 7 times",
            "Process Priority"),
        Arguments.of(
            "nearly eight hours to Facebook",
            Good.arriving(
                Duration.ofMinutes(460),
                Duration.ofMinutes(460),
                0,
                List.of(PICTURE),
                List.of(SOUND)),
            List.of(place("Face", "facebook"), place("Main", "twitch")),
            "length",
            "Face ends a broadcast after 8 hours, and yours has lasted 7 h 40 min.",
            "Start Streaming again"),
        Arguments.of(
            "a key in clear to Kick",
            arriving(PICTURE, SOUND),
            List.of(Good.place("Kick", "kick", false, 0)),
            "tls_unused",
            "Kick takes encrypted connections only.",
            "rtmps://"),
        Arguments.of(
            "a key in clear to Twitch",
            arriving(PICTURE, SOUND),
            List.of(Good.place("Main", "twitch", false, 0)),
            "tls_unused",
            "go to Main unencrypted although it takes encrypted connections",
            "rtmps://"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void eachFaultIsNamedWithThePlacesItMattersToAndTheSettingThatMendsIt(
      String what,
      Arriving arriving,
      List<Place> places,
      String code,
      String text,
      String setting) {
    List<Warning> warnings = StreamWarnings.of(arriving, places);

    assertThat(warnings).extracting(Warning::code).containsExactly(code);
    assertThat(warnings.getFirst().text()).contains(text).contains(setting);
  }

  @Test
  void aStreamAsPlatformsWantItHasNoWarning() {
    List<Place> all =
        Stream.of("twitch", "youtube", "facebook", "kick", "x", "trovo", "custom")
            .map(id -> place(id, id))
            .toList();
    assertThat(StreamWarnings.of(arriving(PICTURE, SOUND), all)).isEmpty();
    assertThat(StreamWarnings.of(arriving(keyframes(2002L, 2001L, 2010L, 2100L), SOUND), all))
        .as("keyframes of 59.94 pictures a second")
        .isEmpty();
    assertThat(StreamWarnings.of(arriving(bitrate(1080, 60.0, 6_400_000L), SOUND), all))
        .as("encoders overshoot a little")
        .isEmpty();
  }

  @Test
  void nothingIsSaidBeforeItIsKnown() {
    Picture unknown = Good.picture(0, null, null, null, null, null, null, null, null, null, null);
    Sound silent = new Sound(0, null, null, null, null);
    List<Place> places = Good.everyPlace();
    assertThat(StreamWarnings.of(arriving(unknown, silent), places)).isEmpty();
    assertThat(
            StreamWarnings.of(
                Good.arriving(Duration.ZERO, Duration.ZERO, 0, List.of(), List.of()), places))
        .isEmpty();
    assertThat(
            StreamWarnings.of(
                Good.arriving(
                    Duration.ofSeconds(1), Duration.ofSeconds(1), 0, List.of(PICTURE), List.of()),
                List.of(place("Face", "facebook"))))
        .as("the sound may still come")
        .isEmpty();
  }

  @Test
  void aPlaceIsJudgedByTheTracksThatItIsSent() {
    Picture second =
        Good.picture(1, "HEVC", 1920, 1080, 60.0, 2000L, 2000L, 2000L, 0L, false, 5_000_000L);
    Arriving two =
        Good.arriving(
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            0,
            List.of(PICTURE, second),
            List.of(SOUND));
    assertThat(StreamWarnings.of(two, List.of(place("Kick", "kick")))).isEmpty();
    assertThat(StreamWarnings.of(two, List.of(Good.place("Kick", "kick", true, 1))))
        .extracting(Warning::code)
        .containsExactly("video_codec");
  }

  private static Picture keyframes(
      @Nullable Long lastMs, @Nullable Long meanMs, @Nullable Long longestMs, Long sinceMs) {
    return Good.picture(
        0, "H.264", 1920, 1080, 60.0, lastMs, meanMs, longestMs, sinceMs, false, 5_000_000L);
  }

  private static Picture picture(long keyframeMs, boolean reordered) {
    return Good.picture(
        0,
        "H.264",
        1920,
        1080,
        60.0,
        keyframeMs,
        keyframeMs,
        keyframeMs,
        100L,
        reordered,
        5_000_000L);
  }

  private static Picture codec(String codec) {
    return Good.picture(0, codec, 1920, 1080, 60.0, 2000L, 2000L, 2000L, 100L, false, 5_000_000L);
  }

  private static Picture bitrate(int height, double rate, long bps) {
    return Good.picture(
        0, "H.264", height * 16 / 9, height, rate, 2000L, 2000L, 2000L, 100L, false, bps);
  }

  private static Picture rate(double rate) {
    return Good.picture(0, "H.264", 1920, 1080, rate, 2000L, 2000L, 2000L, 100L, false, 5_000_000L);
  }

  private static Picture size(int width, int height) {
    return Good.picture(
        0, "H.264", width, height, 60.0, 2000L, 2000L, 2000L, 100L, false, 3_000_000L);
  }
}
