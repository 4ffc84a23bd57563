package manycast.db.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PresetsTest {
  @Test
  void theFileThatIsDeliveredIsSound() {
    List<Preset> presets = Presets.read();

    assertThat(presets).hasSizeGreaterThan(20);
    assertThat(presets.getFirst().id()).isEqualTo("custom");
    assertThat(presets.getFirst().takesEveryCodec()).isTrue();
    assertThat(of(presets, "kick").codecs()).containsExactly("h264", "aac");
    assertThat(of(presets, "youtube").codecs()).containsExactly("h264", "hevc", "av1", "aac");
    assertThat(of(presets, "youtube-backup").codecs())
        .as("must match the primary")
        .isEqualTo(of(presets, "youtube").codecs());
  }

  @Test
  void aLimitOfBitrateIsThatOfTheLowestRungThatThePictureFitsOn() {
    Limits facebook = of(Presets.read(), "facebook").limits();
    assertThat(facebook.videoKbps(720, 30)).isEqualTo(4_000);
    assertThat(facebook.videoKbps(720, 59.94)).isEqualTo(6_000);
    assertThat(facebook.videoKbps(1080, 60)).isEqualTo(9_000);
    assertThat(facebook.videoKbps(2160, 60)).as("above the ladder").isEqualTo(9_000);
    assertThat(facebook.videoKbps(0, 0)).as("not known yet").isEqualTo(9_000);
    assertThat(of(Presets.read(), "custom").limits().videoKbps(1080, 60)).isNull();
    assertThat(of(Presets.read(), "youtube-backup").limits())
        .as("must match the primary")
        .isEqualTo(of(Presets.read(), "youtube").limits());
  }

  @Test
  void aLevelIsThatForTheLeastThatThePictureFitsInto() {
    Limits facebook = of(Presets.read(), "facebook").limits();
    assertThat(facebook.levelTenths(720, 60)).isEqualTo(41);
    assertThat(facebook.levelTenths(1080, 29.97)).isEqualTo(41);
    assertThat(facebook.levelTenths(1080, 59.94)).isEqualTo(42);
    assertThat(facebook.levelTenths(2160, 60)).as("larger ones").isEqualTo(42);
    assertThat(facebook.levelTenths(0, 0)).as("not known yet").isEqualTo(42);
    assertThat(of(Presets.read(), "custom").limits().levelTenths(1080, 60)).isNull();
  }

  @Test
  void aBackupServerNamesItsPrimary() {
    assertThat(of(Presets.read(), "youtube-backup").backupOf()).isEqualTo("youtube");
    assertThat(of(Presets.read(), "youtube").backupOf()).isNull();
  }

  @Test
  void everyFaultOfAFileIsNamed() {
    assertThatThrownBy(
            () ->
                Presets.parse(
                    """
                    {"version": "soon", "platforms": [
                      {"id": "A B", "title": "t", "servers": [], "codecs": ["h264"], "hint": "h"},
                      {"id": "b", "title": "", "servers": ["http://x/y", "rtmp://x"], "codecs": ["h265"], "hint": "h",
                        "limits": {"videoKbps": "many", "tls": "maybe", "ladder": [[720, 30], [1, 30, 1000]], "bFrames": 1,
                          "sampleRates": 48000, "profile": "best", "levels": [[720, 30], [720, 30, 99]], "keyHours": 0,
                          "colour": "red"}},
                      {"id": "b", "title": "t", "servers": "none", "codecs": [], "hint": "h", "backupOf": "c", "colour": "red"},
                      7]}
                    """))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "id \"A B\"",
            "b: title must be a text",
            "b: http://x/y is not rtmp(s)://HOST/APP",
            "b: rtmp://x is not rtmp(s)://HOST/APP",
            "b: codecs [h265] must be some of",
            "id \"b\": an id",
            "b: servers must be a list",
            "b: codecs [] must be",
            "b: colour is no field",
            "version must be the day of the facts",
            "A B: limits must be an object",
            "b: videoKbps must be a whole number from 100 to 200000",
            "b: tls must be one of [required, offered, none]",
            "b: a rung of the ladder is [height, frame rate, kbit/s]",
            "b: a rung's height must be a whole number from 240",
            "b: bFrames must be true or false",
            "b: sampleRates must be a list",
            "b: profile must be one of [baseline, main, high]",
            "b: a level is [height, frame rate, level in tenths]",
            "b: a level in tenths must be a whole number from 10 to 62",
            "b: keyHours must be a whole number from 1",
            "b: backupOf must be the id of an entry before it",
            "b: source must be of D, O, U and M",
            "b: colour is no field of limits",
            "7 is no object",
            "custom is missing");
    assertThatThrownBy(() -> Presets.parse("[]")).isInstanceOf(IllegalArgumentException.class);
  }

  private static Preset of(List<Preset> presets, String id) {
    return presets.stream().filter(preset -> preset.id().equals(id)).findFirst().orElseThrow();
  }
}
