package manycast.control.warnings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import manycast.control.warnings.Arriving.Flow;
import manycast.control.warnings.Arriving.Picture;
import manycast.control.warnings.Arriving.Sound;
import manycast.control.warnings.Arriving.Times;
import manycast.db.platforms.Preset;
import manycast.db.platforms.Presets;
import org.jspecify.annotations.Nullable;

/** A stream as OBS sends it when nothing is wrong, to be spoilt by tests in one thing each. */
final class Good {
  private static final Map<String, Preset> PRESETS =
      Presets.read().stream().collect(Collectors.toMap(Preset::id, Function.identity()));

  static final Flow FLOW = flow(5_900_000L);
  static final Times TIMES = new Times(17, 4L, -40L, 1.001);
  static final Picture PICTURE =
      picture(0, "H.264", 1920, 1080, 60.0, 2000L, 2000L, 2000L, 1200L, true, 5_900_000L);
  static final Sound SOUND = new Sound(0, "AAC", 48_000, 2, 128_000L);

  private Good() {}

  /** Constant as an encoder keeps it that is told to. */
  static Flow flow(@Nullable Long bps) {
    return bps == null
        ? new Flow(null, null, null, null, null)
        : new Flow(bps, bps * 101 / 100, bps * 118 / 100, bps, 0.001);
  }

  static Picture picture(
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
      @Nullable Long bitrateBps) {
    return new Picture(
        number,
        codec,
        codec == null ? null : "High",
        codec == null ? null : "4.1",
        width,
        height,
        frameRate,
        keyframeMs,
        meanKeyframeMs,
        longestKeyframeMs,
        sinceKeyframeMs,
        reordered,
        flow(bitrateBps));
  }

  /** With this profile and level of H.264. */
  static Picture encoded(String profile, String level, int width, int height, double frameRate) {
    return new Picture(
        0,
        "H.264",
        profile,
        level,
        width,
        height,
        frameRate,
        2000L,
        2000L,
        2000L,
        100L,
        false,
        flow(3_000_000L));
  }

  static Picture with(Flow flow) {
    return new Picture(
        0, "H.264", "High", "4.2", 1920, 1080, 60.0, 2000L, 2000L, 2000L, 100L, true, flow);
  }

  static Arriving arriving(Picture picture, Sound sound) {
    return arriving(
        Duration.ofMinutes(1), Duration.ofMinutes(1), 0, List.of(picture), List.of(sound));
  }

  static Arriving arriving(
      Duration lasted,
      Duration connected,
      long corrections,
      List<Picture> pictures,
      List<Sound> sounds) {
    return new Arriving(lasted, connected, corrections, TIMES, pictures, sounds, Set.of());
  }

  static Preset preset(String id) {
    return Objects.requireNonNull(PRESETS.get(id));
  }

  static List<Place> everyPlace() {
    return PRESETS.keySet().stream().map(id -> place(id, id)).toList();
  }

  static Place place(String name, String platform) {
    return place(name, platform, true, 0);
  }

  static Place place(String name, String platform, boolean secure, int videoTrack) {
    // YouTube's two servers are given one key; the others' are their own.
    String key = platform.startsWith("youtube") ? "youtube" : platform;
    return new Place(
        name,
        preset(platform),
        secure,
        videoTrack,
        0,
        0,
        new Place.Key(key, Duration.ofHours(1), false, false));
  }
}
