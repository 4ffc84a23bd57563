package manycast.control.warnings;

import static manycast.control.warnings.Words.OBS;
import static manycast.control.warnings.Words.each;
import static manycast.control.warnings.Words.least;
import static manycast.control.warnings.Words.where;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import manycast.control.warnings.Arriving.Picture;
import manycast.db.platforms.Limits;
import org.jspecify.annotations.Nullable;

/** Whether those who take H.264 can decode this one. */
final class H264Rules {
  /** Of 4:2:2, 4:4:4 and more than 8 bit: what no browser and hardly a telephone can decode. */
  private static final int BEYOND_HIGH = Limits.Profile.values().length;

  private H264Rules() {}

  static @Nullable Warning profile(Arriving a, List<Place> places) {
    Function<Place, @Nullable Integer> limit =
        place -> {
          Limits.Profile most = place.preset().limits().profile();
          return most == null ? null : (Integer) most.ordinal();
        };
    List<Place> exceeded = exceeded(places, limit, place -> rank(h264(a, place)));
    if (exceeded.isEmpty()) {
      return null;
    }
    Place strictest = least(exceeded, limit);
    Picture picture = Objects.requireNonNull(h264(a, strictest));
    String most = word(strictest);
    return new Warning(
        "video_profile",
        "Your H.264 has the profile "
            + picture.profile()
            + ", and "
            + each(exceeded, H264Rules::word)
            + " at most: many viewers see nothing."
            + OBS
            + "Output → Streaming → Profile: "
            + most
            + (Objects.equals(rank(picture), BEYOND_HIGH)
                ? ", and Advanced → Video → Color Format: NV12."
                : "."));
  }

  private static String word(Place place) {
    return String.valueOf(place.preset().limits().profile()).toLowerCase(Locale.ROOT);
  }

  private static @Nullable Integer rank(@Nullable Picture picture) {
    if (picture == null || picture.profile() == null) {
      return null;
    }
    return switch (picture.profile()) {
      case "Constrained Baseline", "Baseline", "Extended" -> Limits.Profile.BASELINE.ordinal();
      case "Main" -> Limits.Profile.MAIN.ordinal();
      case "High" -> Limits.Profile.HIGH.ordinal();
      default -> BEYOND_HIGH;
    };
  }

  /** Those that are sent more than they take, where both are known. */
  private static List<Place> exceeded(
      List<Place> places,
      Function<Place, @Nullable Integer> limit,
      Function<Place, @Nullable Integer> sent) {
    return where(
        places,
        place -> {
          Integer most = limit.apply(place);
          Integer has = sent.apply(place);
          return most != null && has != null && has > most;
        });
  }

  static @Nullable Warning level(Arriving a, List<Place> places) {
    Function<Place, @Nullable Integer> limit = place -> mostTenths(h264(a, place), place);
    List<Place> exceeded = exceeded(places, limit, place -> tenths(h264(a, place)));
    if (exceeded.isEmpty()) {
      return null;
    }
    Place strictest = least(exceeded, limit);
    String most = words(Objects.requireNonNull(limit.apply(strictest)));
    return new Warning(
        "video_level",
        "Your H.264 has level "
            + Objects.requireNonNull(h264(a, strictest)).level()
            + ", and "
            + each(exceeded, place -> words(Objects.requireNonNull(limit.apply(place))))
            + " at most for such pictures."
            + OBS
            + "Output → Streaming → x264 Options: level="
            + most
            + "; with another encoder Video → Output (Scaled) Resolution: a smaller one.");
  }

  private static @Nullable Integer mostTenths(@Nullable Picture picture, Place place) {
    if (picture == null) {
      return null;
    }
    Integer side = PictureRules.shorterSide(picture);
    Double rate = picture.frameRate();
    return place.preset().limits().levelTenths(side == null ? 0 : side, rate == null ? 0 : rate);
  }

  /** Levels are written as {@code 4.1}; level 1b is none that anybody minds. */
  private static @Nullable Integer tenths(@Nullable Picture picture) {
    return picture == null || picture.level() == null || !picture.level().matches("\\d\\.\\d")
        ? null
        : Integer.valueOf(picture.level().replace(".", ""));
  }

  private static String words(int tenths) {
    return tenths / 10 + "." + tenths % 10;
  }

  private static @Nullable Picture h264(Arriving a, Place place) {
    Picture picture = a.picture(place.videoTrack());
    return picture != null && "H.264".equals(picture.codec()) ? picture : null;
  }
}
