package manycast.control.warnings;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
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
          SoundRules::audioCodec,
          SoundRules::noSound,
          PictureRules::bitrate,
          PictureRules::keyframes,
          SoundRules::sampleRate,
          SoundRules::channels,
          SoundRules::audioBitrate,
          PictureRules::frameRate,
          PictureRules::height,
          PictureRules::shape,
          PictureRules::reordering,
          PictureRules::irregularKeyframes,
          PlaceRules::timestamps,
          PlaceRules::length,
          PlaceRules::encryption);

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
}
