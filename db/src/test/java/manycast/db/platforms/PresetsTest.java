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
  void everyFaultOfAFileIsNamed() {
    assertThatThrownBy(
            () ->
                Presets.parse(
                    """
                    {"platforms": [
                      {"id": "A B", "title": "t", "servers": [], "codecs": ["h264"], "hint": "h"},
                      {"id": "b", "title": "", "servers": ["http://x/y", "rtmp://x"], "codecs": ["h265"], "hint": "h"},
                      {"id": "b", "title": "t", "servers": "none", "codecs": [], "hint": "h", "colour": "red"},
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
            "7 is no object",
            "custom is missing");
    assertThatThrownBy(() -> Presets.parse("[]")).isInstanceOf(IllegalArgumentException.class);
  }

  private static Preset of(List<Preset> presets, String id) {
    return presets.stream().filter(preset -> preset.id().equals(id)).findFirst().orElseThrow();
  }
}
