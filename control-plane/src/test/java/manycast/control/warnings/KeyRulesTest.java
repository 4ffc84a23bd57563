package manycast.control.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRulesTest {
  private static final Duration DAY = Duration.ofHours(24);

  @Test
  void aKeyThatMustBeUsedWithinADayIsWarnedOfAfterwards() {
    assertThat(StreamWarnings.beforehand(List.of(keyed("facebook", DAY, false, false)))).isEmpty();
    assertThat(
            StreamWarnings.beforehand(List.of(keyed("facebook", DAY.plusMillis(1), false, false))))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("key_age");
              assertThat(warning.text())
                  .contains("facebook has a stream key from 24 hours before")
                  .contains("Facebook's must be used within 24 hours")
                  .contains("Edit → Stream key");
            });
  }

  @Test
  void aKeyForOneBroadcastIsWarnedOfOnceItHasHadIt() {
    for (String platform : List.of("instagram", "tiktok", "linkedin")) {
      assertThat(
              StreamWarnings.beforehand(
                  List.of(keyed(platform, DAY.multipliedBy(30), false, false))))
          .as("an event may be planned long before")
          .isEmpty();
      assertThat(StreamWarnings.beforehand(List.of(keyed(platform, DAY, true, false))))
          .singleElement()
          .satisfies(
              warning ->
                  assertThat(warning.text()).contains("that an earlier broadcast was sent with"));
    }
    assertThat(
            StreamWarnings.beforehand(List.of(keyed("twitch", DAY.multipliedBy(900), true, false))))
        .as("a key that lasts")
        .isEmpty();
  }

  @Test
  void aKeyThatThePlatformTakesIsNotDoubted() {
    List<Place> taken = List.of(keyed("facebook", DAY.multipliedBy(9), true, true));
    assertThat(StreamWarnings.of(Good.arriving(Good.PICTURE, Good.SOUND), taken)).isEmpty();
    List<Place> refused = List.of(keyed("facebook", DAY.multipliedBy(9), true, false));
    assertThat(StreamWarnings.of(Good.arriving(Good.PICTURE, Good.SOUND), refused))
        .extracting(Warning::code)
        .containsExactly("key_age");
  }

  @Test
  void aBackupGetsWhatItsPrimaryServerGets() {
    Place primary = youtube("Tube", "youtube", 0, 0, "a");
    assertThat(warned(primary, youtube("Second", "youtube-backup", 0, 0, "a"))).isEmpty();
    assertThat(warned(primary, youtube("Second", "youtube-backup", 0, 0, "b")))
        .containsExactly(
            "Second is the backup of Tube and must get the same: under Edit give it the same"
                + " Stream key.");
    assertThat(warned(primary, youtube("Second", "youtube-backup", 1, 2_000, "a")))
        .containsExactly(
            "Second is the backup of Tube and must get the same: under Edit give it the same"
                + " Tracks and Delay.");
    assertThat(warned(youtube("Second", "youtube-backup", 0, 0, "b")))
        .as("a backup alone")
        .isEmpty();
    assertThat(
            warned(
                primary,
                youtube("Other", "youtube", 1, 500, "b"),
                youtube("Second", "youtube-backup", 1, 500, "b")))
        .as("compared with the one that has its key")
        .isEmpty();
    assertThat(warned(Good.place("Main", "twitch"), youtube("Second", "youtube-backup", 0, 0, "b")))
        .isEmpty();
  }

  private static List<String> warned(Place... places) {
    return StreamWarnings.beforehand(List.of(places)).stream().map(Warning::text).toList();
  }

  private static Place youtube(
      String name, String platform, int videoTrack, int delayMs, String fingerprint) {
    return new Place(
        name,
        Good.preset(platform),
        true,
        videoTrack,
        0,
        delayMs,
        new Place.Key(fingerprint, DAY, false, false));
  }

  private static Place keyed(String platform, Duration age, boolean used, boolean taken) {
    return new Place(
        platform,
        Good.preset(platform),
        true,
        0,
        0,
        0,
        new Place.Key("0badcafe", age, used, taken));
  }
}
