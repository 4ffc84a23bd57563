package manycast.db.platforms;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a platform is known to bear: thresholds to warn at, never to refuse by, as platforms change
 * theirs and partners get other ones. What is not known is null or empty.
 *
 * @param videoKbps most kbit/s of video, whatever the picture; {@code ladder} has finer ones
 * @param audioKbps most kbit/s of sound
 * @param keyframeSeconds longest time between keyframes
 * @param frameRate most pictures a second
 * @param height most lines of a picture, or columns of an upright one
 * @param sampleRates in Hz
 * @param profile highest profile of H.264
 * @param levels highest level of H.264, by the size and rate of pictures
 * @param bFrames whether pictures may come in another order than they are shown
 * @param audioNeeded whether a stream without sound is refused
 * @param hours how long a broadcast may last
 * @param keyHours how long after it was made a stream key has to be used
 * @param keyOnce whether each broadcast needs a stream key of its own
 * @param source where this is from: D the platform's own pages, O the OBS service list, U reported
 *     by users, M widely known and not checked
 */
public record Limits(
    @Nullable Integer videoKbps,
    List<Rung> ladder,
    @Nullable Integer audioKbps,
    @Nullable Integer keyframeSeconds,
    @Nullable Integer frameRate,
    @Nullable Integer height,
    List<Integer> sampleRates,
    @Nullable Profile profile,
    List<Level> levels,
    boolean bFrames,
    boolean audioNeeded,
    @Nullable Integer hours,
    @Nullable Integer keyHours,
    boolean keyOnce,
    Tls tls,
    Shape shape,
    String source) {

  /** Most kbit/s for pictures of up to so many lines and pictures a second. */
  public record Rung(int height, int frameRate, int kbps) {}

  /** Highest level, in tenths, for pictures of up to so many lines and pictures a second. */
  public record Level(int height, int frameRate, int tenths) {}

  /** Profiles of H.264, each of which has those before it in it. */
  public enum Profile {
    BASELINE,
    MAIN,
    HIGH
  }

  /** Whether connections are, or can be, encrypted. */
  public enum Tls {
    REQUIRED,
    OFFERED,
    NONE
  }

  /** The canvas that viewers see. */
  public enum Shape {
    ANY,
    LANDSCAPE,
    PORTRAIT
  }

  /** Keeps copies; the ladder from its lowest rung. */
  public Limits {
    ladder =
        ladder.stream()
            .sorted(Comparator.comparingInt(Rung::height).thenComparingInt(Rung::frameRate))
            .toList();
    levels =
        levels.stream()
            .sorted(Comparator.comparingInt(Level::height).thenComparingInt(Level::frameRate))
            .toList();
    sampleRates = List.copyOf(sampleRates);
  }

  /**
   * Most kbit/s for such pictures: of the lowest rung that they fit on, else for any picture; null
   * where it is not known.
   *
   * @param ofHeight lines, 0 where not known
   * @param atFrameRate pictures a second, 0 where not known
   */
  public @Nullable Integer videoKbps(int ofHeight, double atFrameRate) {
    if (ofHeight == 0 || atFrameRate == 0) {
      return videoKbps;
    }
    for (Rung rung : ladder) {
      if (ofHeight <= rung.height() && atFrameRate <= rung.frameRate() + 0.5) {
        return rung.kbps();
      }
    }
    return videoKbps;
  }

  /**
   * Highest level of H.264 for such pictures, in tenths: the one for the least that they fit into,
   * else the highest of all; null where it is not known.
   *
   * @param ofHeight lines, 0 where not known
   * @param atFrameRate pictures a second, 0 where not known
   */
  public @Nullable Integer levelTenths(int ofHeight, double atFrameRate) {
    Integer highest = null;
    for (Level level : levels) {
      boolean known = ofHeight > 0 && atFrameRate > 0;
      if (known && ofHeight <= level.height() && atFrameRate <= level.frameRate() + 0.5) {
        return level.tenths();
      }
      highest = highest == null ? level.tenths() : Math.max(highest, level.tenths());
    }
    return highest;
  }
}
