package manycast.control.warnings;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules, one for each thing that can be wrong, the gravest first. Every limit is a threshold to
 * warn at and no refusal: platforms change theirs, and partners get other ones.
 */
public final class StreamWarnings {
  private static final List<BiFunction<Arriving, List<Place>, @Nullable Warning>> RULES =
      List.of(
          PictureRules::noPicture,
          PictureRules::videoCodec,
          H264Rules::profile,
          SoundRules::audioCodec,
          SoundRules::noSound,
          (_, places) -> KeyRules.age(places),
          FlowRules::lowBitrate,
          FlowRules::missingFrames,
          FlowRules::drift,
          FlowRules::fast,
          PictureRules::bitrate,
          FlowRules::unevenBitrate,
          PictureRules::keyframes,
          SoundRules::sampleRate,
          SoundRules::channels,
          SoundRules::audioBitrate,
          PictureRules::frameRate,
          PictureRules::height,
          PictureRules::shape,
          H264Rules::level,
          PictureRules::reordering,
          PictureRules::irregularKeyframes,
          PlaceRules::timestamps,
          (_, places) -> KeyRules.backup(places),
          PlaceRules::length,
          (_, places) -> PlaceRules.encryption(places));

  private StreamWarnings() {}

  /** All that should be changed; nothing before anything has arrived. */
  public static List<Warning> of(Arriving arriving, List<Place> enabled) {
    if (arriving.pictures().isEmpty() && arriving.sounds().isEmpty()) {
      return List.of();
    }
    return RULES.stream()
        .map(rule -> rule.apply(arriving, enabled))
        .filter(Objects::nonNull)
        .toList();
  }

  /** What should be changed before the next broadcast begins, while none is. */
  public static List<Warning> beforehand(List<Place> enabled) {
    return Stream.of(
            KeyRules.age(enabled), KeyRules.backup(enabled), PlaceRules.encryption(enabled))
        .flatMap(Stream::ofNullable)
        .toList();
  }
}
