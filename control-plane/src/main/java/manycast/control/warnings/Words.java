package manycast.control.warnings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the rules have in common: which places a limit is exceeded for, and how that is put. */
final class Words {
  /** Settings are named as OBS 30 and later names them, in its advanced output mode. */
  static final String OBS = " In OBS: Settings → ";

  /** Before that an encoder may just not have got to it. */
  static final int SETTLED_MS = 5_000;

  /** Encoders overshoot their bitrate a little. */
  private static final double BITRATE_SLACK = 1.1;

  private Words() {}

  static boolean refuses(Place place, @Nullable String codec) {
    if (codec == null || place.preset().takesEveryCodec()) {
      return false;
    }
    String word = codec.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return !place.preset().codecs().contains(word);
  }

  static boolean exceeds(@Nullable Long bps, @Nullable Integer kbps) {
    return bps != null && kbps != null && bps > kbps * 1000L * BITRATE_SLACK;
  }

  static List<Place> where(List<Place> places, Predicate<Place> rule) {
    return places.stream().filter(rule).toList();
  }

  static Place least(List<Place> places, Function<Place, @Nullable Integer> limit) {
    return places.stream()
        .min(Comparator.comparing(place -> Objects.requireNonNull(limit.apply(place))))
        .orElseThrow();
  }

  static String names(List<Place> places) {
    return listed(places.stream().map(Place::name).toList());
  }

  /** Such as {@code Main takes 6000 kbit/s and Second takes 8000 kbit/s}. */
  static String each(List<Place> places, Function<Place, String> limit) {
    return each(places, limit, "takes", "take");
  }

  static String each(
      List<Place> places, Function<Place, String> limit, String one, String several) {
    var byLimit = new ArrayList<String>();
    places.stream()
        .collect(Collectors.groupingBy(limit, LinkedHashMap::new, Collectors.toUnmodifiableList()))
        .forEach(
            (words, alike) ->
                byLimit.add(names(alike) + " " + verb(alike, one, several) + " " + words));
    return listed(byLimit);
  }

  static String listed(List<String> words) {
    return words.size() < 2
        ? String.join("", words)
        : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
  }

  static String verb(List<Place> places, String one, String several) {
    return places.size() == 1 ? one : several;
  }

  static String kilobits(@Nullable Long bps) {
    return bps == null ? "more" : Math.round(bps / 1000.0) + " kbit/s";
  }

  static String seconds(@Nullable Long ms) {
    return ms == null ? "a while" : String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
  }
}
