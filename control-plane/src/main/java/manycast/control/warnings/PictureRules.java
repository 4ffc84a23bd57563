package manycast.control.warnings;

import static manycast.control.warnings.Words.OBS;
import static manycast.control.warnings.Words.SETTLED_MS;
import static manycast.control.warnings.Words.each;
import static manycast.control.warnings.Words.exceeds;
import static manycast.control.warnings.Words.kilobits;
import static manycast.control.warnings.Words.least;
import static manycast.control.warnings.Words.names;
import static manycast.control.warnings.Words.refuses;
import static manycast.control.warnings.Words.seconds;
import static manycast.control.warnings.Words.verb;
import static manycast.control.warnings.Words.where;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import manycast.control.warnings.Arriving.Picture;
import manycast.db.platforms.Limits;
import org.jspecify.annotations.Nullable;

/** What can be wrong with the pictures. */
final class PictureRules {
  /** A keyframe is due on a picture: what is late by less is on time. */
  private static final int KEYFRAME_SLACK_MS = 250;

  /** Rates are measured over rounded times. */
  private static final double FRAME_RATE_SLACK = 1.02;

  /** A scene cut's keyframe leaves the other intervals this much longer than the mean. */
  private static final double IRREGULAR = 1.6;

  private PictureRules() {}

  static @Nullable Warning noPicture(Arriving a, List<Place> places) {
    if (!a.pictures().isEmpty() || a.connected().toMillis() < SETTLED_MS) {
      return null;
    }
    return new Warning(
        "no_video",
        "No picture arrives, only sound: most platforms show nothing then."
            + OBS
            + "Output → Streaming → Video Encoder: choose one, and start streaming again.");
  }

  static @Nullable Warning videoCodec(Arriving a, List<Place> places) {
    List<Place> refusing =
        where(places, place -> refuses(place, picture(a, place, Picture::codec)));
    return refusing.isEmpty()
        ? null
        : new Warning(
            "video_codec",
            names(refusing)
                + " cannot take "
                + picture(a, refusing.getFirst(), Picture::codec)
                + ", so nothing is sent there."
                + OBS
                + "Output → Streaming → Video Encoder: one for H.264, such as x264 or NVENC H.264.");
  }

  static @Nullable Warning bitrate(Arriving a, List<Place> places) {
    List<Place> exceeded =
        where(
            places, place -> exceeds(picture(a, place, PictureRules::bitrateBps), kbps(a, place)));
    if (exceeded.isEmpty() || a.connected().toMillis() < SETTLED_MS) {
      return null;
    }
    Place strictest = least(exceeded, place -> kbps(a, place));
    return new Warning(
        "bitrate_high",
        "Your video has "
            + kilobits(picture(a, strictest, PictureRules::bitrateBps))
            + ", and "
            + each(exceeded, place -> kbps(a, place) + " kbit/s")
            + " at most. Above that "
            + verb(exceeded, "it", "they")
            + " may stutter or cut you off."
            + OBS
            + "Output → Streaming → Bitrate: "
            + kbps(a, strictest)
            + " Kbps.");
  }

  private static @Nullable Integer kbps(Arriving a, Place place) {
    Integer height = picture(a, place, PictureRules::shorterSide);
    Double rate = picture(a, place, Picture::frameRate);
    return place.preset().limits().videoKbps(height == null ? 0 : height, rate == null ? 0 : rate);
  }

  static @Nullable Warning keyframes(Arriving a, List<Place> places) {
    Function<Place, @Nullable Integer> limit = place -> place.preset().limits().keyframeSeconds();
    List<Place> exceeded =
        where(
            places,
            place -> {
              Long apart = picture(a, place, PictureRules::apart);
              Integer seconds = limit.apply(place);
              return apart != null
                  && seconds != null
                  && apart > seconds * 1000L + KEYFRAME_SLACK_MS;
            });
    if (exceeded.isEmpty()) {
      return null;
    }
    Place strictest = least(exceeded, limit);
    Picture picture = Objects.requireNonNull(a.picture(strictest.videoTrack()));
    Long since = picture.sinceKeyframeMs();
    boolean missing =
        picture.keyframeMs() == null || (since != null && since > 2 * picture.keyframeMs());
    return new Warning(
        "keyframe_interval",
        (missing
                ? "No keyframe has come for " + seconds(since)
                : "Your keyframes are " + seconds(apart(picture)) + " apart")
            + ", and "
            + each(
                exceeded,
                place -> "one at least every " + limit.apply(place) + " s",
                "wants",
                "want")
            + ": viewers wait longer for a picture, and the platform may complain."
            + OBS
            + "Output → Streaming → Keyframe Interval: "
            + Math.min(2, Objects.requireNonNull(limit.apply(strictest)))
            + " s.");
  }

  /** The last interval, or what has passed since where that is longer already. */
  private static @Nullable Long apart(Picture picture) {
    return Stream.of(picture.keyframeMs(), picture.sinceKeyframeMs())
        .flatMap(Stream::ofNullable)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  static @Nullable Warning irregularKeyframes(Arriving a, List<Place> places) {
    List<Place> strict =
        where(
            places,
            place -> {
              Picture picture = a.picture(place.videoTrack());
              return place.preset().limits().keyframeSeconds() != null
                  && !place.preset().takesEveryCodec()
                  && picture != null
                  && picture.meanKeyframeMs() != null
                  && picture.longestKeyframeMs() != null
                  && picture.longestKeyframeMs() > picture.meanKeyframeMs() * IRREGULAR;
            });
    return strict.isEmpty() || a.connected().toMillis() < 4 * SETTLED_MS
        ? null
        : new Warning(
            "keyframes_irregular",
            "Your keyframes come at uneven times, as at changes of scene; "
                + names(strict)
                + verb(strict, " wants", " want")
                + " them evenly."
                + OBS
                + "Output → Streaming → Keyframe Interval: 2 s, and with x264 → x264 Options:"
                + " scenecut=0.");
  }

  static @Nullable Warning frameRate(Arriving a, List<Place> places) {
    Function<Place, @Nullable Integer> limit = place -> place.preset().limits().frameRate();
    List<Place> exceeded =
        where(
            places,
            place -> {
              Double rate = picture(a, place, Picture::frameRate);
              Integer most = limit.apply(place);
              return rate != null && most != null && rate > most * FRAME_RATE_SLACK;
            });
    if (exceeded.isEmpty()) {
      return null;
    }
    Place strictest = least(exceeded, limit);
    Double sent = picture(a, strictest, Picture::frameRate);
    return new Warning(
        "frame_rate",
        "You send "
            + Math.round(Objects.requireNonNull(sent))
            + " pictures a second, and "
            + each(exceeded, place -> limit.apply(place) + " a second")
            + " at most."
            + OBS
            + "Video → Common FPS Values: "
            + limit.apply(strictest)
            + ".");
  }

  static @Nullable Warning height(Arriving a, List<Place> places) {
    Function<Place, @Nullable Integer> limit = place -> place.preset().limits().height();
    List<Place> exceeded =
        where(
            places,
            place -> {
              Integer side = picture(a, place, PictureRules::shorterSide);
              Integer most = limit.apply(place);
              return side != null && most != null && side > most;
            });
    if (exceeded.isEmpty()) {
      return null;
    }
    Place strictest = least(exceeded, limit);
    int height = Objects.requireNonNull(limit.apply(strictest));
    return new Warning(
        "resolution",
        "Your picture is "
            + size(a.picture(strictest.videoTrack()))
            + ", and "
            + each(exceeded, place -> limit.apply(place) + " lines")
            + " at most."
            + OBS
            + "Video → Output (Scaled) Resolution: "
            + height * 16 / 9
            + "x"
            + height
            + ".");
  }

  static @Nullable Warning shape(Arriving a, List<Place> places) {
    List<Place> other =
        where(
            places,
            place -> {
              Picture picture = a.picture(place.videoTrack());
              Limits.Shape shape = place.preset().limits().shape();
              return picture != null
                  && picture.width() != null
                  && picture.height() != null
                  && shape != Limits.Shape.ANY
                  && (shape == Limits.Shape.PORTRAIT) == (picture.width() > picture.height());
            });
    if (other.isEmpty()) {
      return null;
    }
    boolean portrait = other.getFirst().preset().limits().shape() == Limits.Shape.PORTRAIT;
    return new Warning(
        "aspect",
        "Your picture is "
            + size(a.picture(other.getFirst().videoTrack()))
            + "; "
            + names(other)
            + verb(other, " shows", " show")
            + (portrait ? " upright pictures (9:16)." : " wide pictures (16:9).")
            + OBS
            + "Video → Base (Canvas) Resolution and Output (Scaled) Resolution: "
            + (portrait ? "720x1280." : "1920x1080."));
  }

  static @Nullable Warning reordering(Arriving a, List<Place> places) {
    List<Place> refusing =
        where(
            places,
            place ->
                !place.preset().limits().bFrames()
                    && Boolean.TRUE.equals(picture(a, place, Picture::reordered)));
    return refusing.isEmpty()
        ? null
        : new Warning(
            "b_frames",
            names(refusing)
                + verb(refusing, " cannot", " cannot")
                + " show B-frames: pictures jump there."
                + OBS
                + "Output → Streaming → B-frames: 0 (with x264 → x264 Options: bframes=0).");
  }

  private static <T> @Nullable T picture(
      Arriving a, Place place, Function<Picture, @Nullable T> fact) {
    Picture picture = a.picture(place.videoTrack());
    return picture == null ? null : fact.apply(picture);
  }

  private static @Nullable Long bitrateBps(Picture picture) {
    return picture.flow().bitrateBps();
  }

  /** Lines, or columns of an upright picture; null where not known. */
  static @Nullable Integer shorterSide(Picture picture) {
    return picture.width() == null || picture.height() == null
        ? picture.height()
        : Integer.valueOf(Math.min(picture.width(), picture.height()));
  }

  private static String size(@Nullable Picture picture) {
    return picture == null ? "another one" : picture.width() + " × " + picture.height();
  }
}
