package manycast.control.warnings;

import static manycast.control.warnings.Words.OBS;
import static manycast.control.warnings.Words.each;
import static manycast.control.warnings.Words.names;
import static manycast.control.warnings.Words.verb;
import static manycast.control.warnings.Words.where;

import java.util.List;
import manycast.db.platforms.Limits;
import org.jspecify.annotations.Nullable;

/** What can be wrong with the stream as a whole, and with the way to a place. */
final class PlaceRules {
  private static final int CORRECTIONS_WORTH_TELLING = 5;
  private static final int MINUTES_BEFORE_THE_END = 30;

  private PlaceRules() {}

  static @Nullable Warning timestamps(Arriving a, List<Place> places) {
    return a.timestampCorrections() < CORRECTIONS_WORTH_TELLING
        ? null
        : new Warning(
            "timestamps",
            "The encoder's times stepped back or jumped "
                + a.timestampCorrections()
                + " times; we mended them. Pictures may jerk."
                + OBS
                + "Advanced → Process Priority: Above Normal, and close what else uses the"
                + " processor.");
  }

  static @Nullable Warning length(Arriving a, List<Place> places) {
    List<Place> near =
        where(
            places,
            place -> {
              Integer hours = place.preset().limits().hours();
              return hours != null
                  && a.lasted().toMinutes() >= hours * 60L - MINUTES_BEFORE_THE_END;
            });
    return near.isEmpty()
        ? null
        : new Warning(
            "length",
            each(
                    near,
                    place -> "a broadcast after " + place.preset().limits().hours() + " hours",
                    "ends",
                    "end")
                + ", and yours has lasted "
                + a.lasted().toHours()
                + " h "
                + a.lasted().toMinutesPart()
                + " min. In OBS: Stop Streaming and Start Streaming again at a moment that suits"
                + " you.");
  }

  static @Nullable Warning encryption(List<Place> places) {
    List<Place> open =
        where(places, place -> !place.secure() && place.preset().limits().tls() != Limits.Tls.NONE);
    List<Place> refusing =
        where(open, place -> place.preset().limits().tls() == Limits.Tls.REQUIRED);
    if (open.isEmpty()) {
      return null;
    }
    return new Warning(
        "tls_unused",
        refusing.isEmpty()
            ? "Stream keys go to "
                + names(open)
                + " unencrypted although "
                + verb(open, "it takes", "they take")
                + " encrypted connections. Change the destination's server URL to the one that"
                + " begins with rtmps://."
            : names(refusing)
                + verb(refusing, " takes", " take")
                + " encrypted connections only. Change the destination's server URL to the one"
                + " that begins with rtmps://.");
  }
}
