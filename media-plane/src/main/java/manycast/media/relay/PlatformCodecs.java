package manycast.media.relay;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import manycast.db.platforms.Preset;
import manycast.db.platforms.Presets;
import manycast.media.frame.Codec;
import org.jspecify.annotations.Nullable;

/**
 * The codecs that a platform takes over RTMP, as its preset lists them; a platform without a preset
 * takes what every one does.
 */
final class PlatformCodecs {
  private static final PlatformCodecs OF_EVERY_PLATFORM =
      new PlatformCodecs(EnumSet.of(Codec.H264, Codec.AAC));
  private static final Map<String, PlatformCodecs> BY_PLATFORM = read();

  private final Set<Codec> codecs;

  private PlatformCodecs(Set<Codec> codecs) {
    this.codecs = codecs;
  }

  /** Those of this platform. */
  static PlatformCodecs of(String platform) {
    return BY_PLATFORM.getOrDefault(platform, OF_EVERY_PLATFORM);
  }

  /** Whether frames of this codec may be sent there. */
  boolean take(Codec codec) {
    return codec == Codec.AMF0 || codecs.contains(codec);
  }

  /**
   * In plain words why a broadcast cannot be sent there, or null when it can be.
   *
   * @param video codec of its pictures, or null
   * @param audio codec of its sound, or null
   */
  @Nullable String refusal(@Nullable Codec video, @Nullable Codec audio) {
    Codec refused =
        video != null && !take(video) ? video : audio != null && !take(audio) ? audio : null;
    if (refused == null) {
      return null;
    }
    String taken =
        codecs.stream().map(Codec::label).distinct().sorted().collect(Collectors.joining(", "));
    return "the encoder sends %s; this platform takes %s".formatted(refused.label(), taken);
  }

  private static Map<String, PlatformCodecs> read() {
    return Presets.read().stream()
        .collect(
            Collectors.toUnmodifiableMap(Preset::id, preset -> new PlatformCodecs(codecs(preset))));
  }

  private static Set<Codec> codecs(Preset preset) {
    if (preset.takesEveryCodec()) {
      return EnumSet.allOf(Codec.class);
    }
    Set<Codec> codecs = EnumSet.noneOf(Codec.class);
    for (String word : preset.codecs()) {
      codecs.add(Codec.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    return codecs;
  }
}
