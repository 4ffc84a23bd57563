package manycast.media.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import manycast.media.frame.Codec;
import org.jspecify.annotations.Nullable;

/**
 * The codecs that a platform takes over RTMP, as {@code platform-codecs.properties} lists them; a
 * platform that it does not name takes what every one does.
 */
final class PlatformCodecs {
  private static final String FILE = "platform-codecs.properties";
  private static final String EVERY_PLATFORM = "default";
  private static final String EVERYTHING = "*";
  private static final Map<String, PlatformCodecs> BY_PLATFORM = read();

  private final Set<Codec> codecs;

  private PlatformCodecs(Set<Codec> codecs) {
    this.codecs = codecs;
  }

  /** Those of this platform. */
  static PlatformCodecs of(String platform) {
    PlatformCodecs own = BY_PLATFORM.get(platform);
    return own == null ? Objects.requireNonNull(BY_PLATFORM.get(EVERY_PLATFORM)) : own;
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
    Properties lines = new Properties();
    try (InputStream in = PlatformCodecs.class.getResourceAsStream(FILE)) {
      lines.load(Objects.requireNonNull(in, FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines.stringPropertyNames().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                platform -> platform,
                platform -> new PlatformCodecs(codecs(lines.getProperty(platform)))));
  }

  private static Set<Codec> codecs(String names) {
    if (names.strip().equals(EVERYTHING)) {
      return EnumSet.allOf(Codec.class);
    }
    Set<Codec> codecs = EnumSet.noneOf(Codec.class);
    for (String name : names.split(",", -1)) {
      codecs.add(Codec.valueOf(name.strip()));
    }
    return codecs;
  }
}
