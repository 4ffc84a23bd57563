package manycast.control.warnings;

import static manycast.control.warnings.Good.SOUND;
import static manycast.control.warnings.Good.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class H264RulesTest {
  @ParameterizedTest
  @CsvSource({
    "twitch, Constrained Baseline, false",
    "twitch, Main, false",
    "twitch, High, false",
    "twitch, High 10, true",
    "youtube, High 4:2:2, true",
    "kick, High 4:4:4, true",
    "custom, High 4:4:4, false",
    "picarto, Main, false",
    "picarto, High, true"
  })
  void aProfileBeyondThePlatformsIsWarnedOf(String platform, String profile, boolean warned) {
    assertThat(codes(platform, profile, "4.0", 1280, 720, 30))
        .isEqualTo(warned ? List.of("video_profile") : List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "facebook, 4.2, 1920, 1080, 60, false",
    "facebook, 5.0, 1920, 1080, 60, true",
    "facebook, 4.1, 1920, 1080, 30, false",
    "facebook, 4.2, 1920, 1080, 30, true",
    "facebook, 4.1, 1280, 720, 60, false",
    "facebook, 4.2, 1280, 720, 60, true",
    "facebook, 1b, 1280, 720, 60, false",
    "twitch, 5.2, 1920, 1080, 60, false"
  })
  void aLevelBeyondThePlatformsForSuchPicturesIsWarnedOf(
      String platform, String level, int width, int height, double rate, boolean warned) {
    assertThat(codes(platform, "High", level, width, height, rate))
        .isEqualTo(warned ? List.of("video_level") : List.of());
  }

  @Test
  void theStrictestPlatformsValueIsTheSettingToChange() {
    List<Place> places = List.of(Good.place("Main", "twitch"), Good.place("Art", "picarto"));
    assertThat(
            StreamWarnings.of(
                Good.arriving(encoded("High 4:4:4", "4.0", 1280, 720, 30), SOUND), places))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.text())
                    .contains("High 4:4:4, and Main takes high and Art takes main at most")
                    .contains("Profile: main, and Advanced → Video → Color Format: NV12."));
    assertThat(
            StreamWarnings.of(
                Good.arriving(encoded("High", "5.2", 1920, 1080, 60), SOUND),
                List.of(Good.place("Face", "facebook"))))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.text())
                    .contains("level 5.2, and Face takes 4.2 at most")
                    .contains("x264 Options: level=4.2"));
  }

  private static List<String> codes(
      String platform, String profile, String level, int width, int height, double rate) {
    return StreamWarnings.of(
            Good.arriving(encoded(profile, level, width, height, rate), SOUND),
            List.of(Good.place("Place", platform)))
        .stream()
        .map(Warning::code)
        .toList();
  }
}
