package manycast.control.warnings;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What arrives from the encoder; what is not known is null.
 *
 * @param lasted how long the broadcast has lasted
 * @param connected how long this connection of the encoder has
 * @param timestampCorrections message times that had to be corrected
 */
public record Arriving(
    Duration lasted,
    Duration connected,
    long timestampCorrections,
    List<Picture> pictures,
    List<Sound> sounds) {
  /** Keeps copies. */
  public Arriving {
    pictures = List.copyOf(pictures);
    sounds = List.copyOf(sounds);
  }

  /**
   * A track of pictures.
   *
   * @param codec its name as people write it, such as {@code H.264}
   * @param keyframeMs media time between the last two keyframes; {@code meanKeyframeMs} on the mean
   * @param sinceKeyframeMs media time since the last one
   * @param bitrateBps on the mean of some seconds
   */
  public record Picture(
      int number,
      @Nullable String codec,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable Double frameRate,
      @Nullable Long keyframeMs,
      @Nullable Long meanKeyframeMs,
      @Nullable Long longestKeyframeMs,
      @Nullable Long sinceKeyframeMs,
      @Nullable Boolean reordered,
      @Nullable Long bitrateBps) {}

  /** A track of sound. */
  public record Sound(
      int number,
      @Nullable String codec,
      @Nullable Integer sampleRate,
      @Nullable Integer channels,
      @Nullable Long bitrateBps) {}

  /** The track with this number, or else the first one; null where there is none. */
  @Nullable Picture picture(int number) {
    return pictures.stream()
        .filter(track -> track.number() == number)
        .findFirst()
        .or(() -> pictures.stream().findFirst())
        .orElse(null);
  }

  /** The track with this number, or else the first one; null where there is none. */
  @Nullable Sound sound(int number) {
    return sounds.stream()
        .filter(track -> track.number() == number)
        .findFirst()
        .or(() -> sounds.stream().findFirst())
        .orElse(null);
  }
}
