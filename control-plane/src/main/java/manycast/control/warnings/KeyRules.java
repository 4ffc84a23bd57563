package manycast.control.warnings;

import static manycast.control.warnings.Words.listed;
import static manycast.control.warnings.Words.names;
import static manycast.control.warnings.Words.where;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import manycast.control.warnings.Place.Key;
import org.jspecify.annotations.Nullable;

/** What can be wrong with destinations by themselves, whatever is sent there. */
final class KeyRules {
  private KeyRules() {}

  /** A key that has outlived its day, or the one broadcast that it was made for. */
  static @Nullable Warning age(List<Place> places) {
    List<Place> spent = where(places, KeyRules::isSpent);
    return spent.isEmpty()
        ? null
        : new Warning(
            "key_age",
            spent.stream().map(KeyRules::whyItIsSpent).collect(Collectors.joining(" "))
                + " Take the new one from the platform's page and put it in under Edit → Stream"
                + " key, at "
                + names(spent)
                + ".");
  }

  private static boolean isSpent(Place place) {
    Key key = place.key();
    Integer hours = place.preset().limits().keyHours();
    boolean tooOld = hours != null && key.age().compareTo(Duration.ofHours(hours)) > 0;
    boolean hadItsBroadcast = place.preset().limits().keyOnce() && key.used();
    // Whoever takes the stream knows the key: some have keys that last, beside those that do not.
    return !key.taken() && (tooOld || hadItsBroadcast);
  }

  private static String whyItIsSpent(Place place) {
    Integer hours = place.preset().limits().keyHours();
    return place.preset().limits().keyOnce()
        ? place.name()
            + " has a stream key that an earlier broadcast was sent with, and "
            + place.preset().title()
            + " gives one for each."
        : place.name()
            + " has a stream key from "
            + place.key().age().toHours()
            + " hours before, and "
            + place.preset().title()
            + "'s must be used within "
            + Objects.requireNonNull(hours)
            + " hours.";
  }

  /** A backup server that gets something else than its primary one. */
  static @Nullable Warning backup(List<Place> places) {
    var told = new ArrayList<String>();
    for (Place backup : places) {
      List<Place> primaries =
          where(places, place -> place.preset().id().equals(backup.preset().backupOf()));
      if (!primaries.isEmpty()) {
        Place primary =
            primaries.stream()
                .filter(place -> sameKey(place, backup))
                .findFirst()
                .orElse(primaries.getFirst());
        List<String> differences = differences(primary, backup);
        if (!differences.isEmpty()) {
          told.add(
              backup.name()
                  + " is the backup of "
                  + primary.name()
                  + " and must get the same: under Edit give it the same "
                  + listed(differences)
                  + ".");
        }
      }
    }
    return told.isEmpty() ? null : new Warning("backup_differs", String.join(" ", told));
  }

  private static boolean sameKey(Place one, Place other) {
    return one.key().fingerprint().equals(other.key().fingerprint());
  }

  /** Named as the fields of a destination's form. */
  private static List<String> differences(Place primary, Place backup) {
    var differences = new ArrayList<String>();
    if (!sameKey(primary, backup)) {
      differences.add("Stream key");
    }
    if (primary.videoTrack() != backup.videoTrack()
        || primary.audioTrack() != backup.audioTrack()) {
      differences.add("Tracks");
    }
    if (primary.delayMs() != backup.delayMs()) {
      differences.add("Delay");
    }
    return differences;
  }
}
