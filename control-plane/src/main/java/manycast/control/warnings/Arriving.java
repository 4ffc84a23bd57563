package manycast.control.warnings;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What arrives from the encoder; what is not known is null.
 *
 * @param lasted how long the broadcast has lasted
 * @param connected how long this connection of the encoder has
 * @param timestampCorrections message times that had to be corrected
 * @param standing codes of the warnings that stand already: those that waver go only when their
 *     cause is clearly gone
 */
public record Arriving(
    Duration lasted,
    Duration connected,
    long timestampCorrections,
    Times times,
    List<Picture> pictures,
    List<Sound> sounds,
    Set<String> standing) {
  /** Keeps copies. */
  public Arriving {
    pictures = List.copyOf(pictures);
    sounds = List.copyOf(sounds);
    standing = Set.copyOf(standing);
  }

  /**
   * How its times go.
   *
   * @param silentMs how long nothing has come
   * @param audioDriftMs how much further ahead of the pictures the sound is than when the encoder
   *     connected
   * @param leadMs how much more media has come than time has passed since then
   * @param pace seconds of media a second, lately
   */
  public record Times(
      long silentMs, @Nullable Long audioDriftMs, @Nullable Long leadMs, @Nullable Double pace) {}

  /**
   * A track of pictures.
   *
   * @param codec its name as people write it, such as {@code H.264}; profile and level likewise
   * @param keyframeMs media time between the last two keyframes; {@code meanKeyframeMs} on the mean
   * @param sinceKeyframeMs media time since the last one
   */
  public record Picture(
      int number,
      @Nullable String codec,
      @Nullable String profile,
      @Nullable String level,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable Double frameRate,
      @Nullable Long keyframeMs,
      @Nullable Long meanKeyframeMs,
      @Nullable Long longestKeyframeMs,
      @Nullable Long sinceKeyframeMs,
      @Nullable Boolean reordered,
      Flow flow) {}

  /**
   * How the pictures come in.
   *
   * @param bitrateBps on the mean of some seconds; {@code usualBps} since the encoder connected
   * @param peakBps in the fullest of ten seconds, whose mean is {@code evenBps}
   * @param missingShare which share of the last pictures is not there, from 0 to 1
   */
  public record Flow(
      @Nullable Long bitrateBps,
      @Nullable Long usualBps,
      @Nullable Long peakBps,
      @Nullable Long evenBps,
      @Nullable Double missingShare) {}

  /** A track of sound. */
  public record Sound(
      int number,
      @Nullable String codec,
      @Nullable Integer sampleRate,
      @Nullable Integer channels,
      @Nullable Long bitrateBps) {}

  /**
   * Whether media comes now: of what has stopped nothing can be said that is not said elsewhere.
   */
  boolean flows() {
    return times.silentMs() < 3_000;
  }

  /** The first bound, or the easier second one where this warning stands already. */
  double bound(String code, double toBegin, double toStay) {
    return standing.contains(code) ? toStay : toBegin;
  }

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
