package manycast.db.platforms;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one platform's limits and notes every fault. */
final class LimitsReader {
  private static final Set<String> FIELDS =
      Set.of(
          "videoKbps",
          "ladder",
          "audioKbps",
          "keyframeSeconds",
          "frameRate",
          "height",
          "sampleRates",
          "profile",
          "levels",
          "bFrames",
          "audioNeeded",
          "hours",
          "keyHours",
          "keyOnce",
          "tls",
          "shape",
          "source");

  private final Map<?, ?> fields;
  private final String id;
  private final List<String> faults;

  LimitsReader(Map<?, ?> fields, String id, List<String> faults) {
    this.fields = fields;
    this.id = id;
    this.faults = faults;
  }

  Limits read() {
    for (Object field : fields.keySet()) {
      if (!FIELDS.contains(String.valueOf(field))) {
        faults.add(id + ": " + field + " is no field of limits");
      }
    }
    return new Limits(
        number("videoKbps", 100, 200_000),
        ladder(),
        number("audioKbps", 32, 1_000),
        number("keyframeSeconds", 1, 10),
        number("frameRate", 24, 240),
        number("height", 240, 4_320),
        sampleRates(),
        fields.containsKey("profile") ? word("profile", Limits.Profile.class, null) : null,
        levels(),
        flag("bFrames", true),
        flag("audioNeeded", false),
        number("hours", 1, 168),
        number("keyHours", 1, 8_760),
        flag("keyOnce", false),
        word("tls", Limits.Tls.class, null),
        word("shape", Limits.Shape.class, Limits.Shape.ANY),
        source());
  }

  private @Nullable Integer number(String name, int least, int most) {
    return fields.containsKey(name) ? checked(fields.get(name), name, least, most) : null;
  }

  private int checked(@Nullable Object value, String name, int least, int most) {
    if (value instanceof Long number && number >= least && number <= most) {
      return number.intValue();
    }
    faults.add(id + ": " + name + " must be a whole number from " + least + " to " + most);
    return least;
  }

  private boolean flag(String name, boolean otherwise) {
    Object value = fields.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    faults.add(id + ": " + name + " must be true or false");
    return otherwise;
  }

  private <E extends Enum<E>> E word(String name, Class<E> type, @Nullable E otherwise) {
    E[] all = type.getEnumConstants();
    if (fields.get(name) instanceof String word) {
      for (E one : all) {
        if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
          return one;
        }
      }
    } else if (otherwise != null && !fields.containsKey(name)) {
      return otherwise;
    }
    faults.add(
        id + ": " + name + " must be one of " + List.of(all).toString().toLowerCase(Locale.ROOT));
    return all[0];
  }

  private List<Limits.Rung> ladder() {
    return threes(
        "ladder",
        "a rung of the ladder is [height, frame rate, kbit/s]",
        three ->
            new Limits.Rung(
                checked(three.get(0), "a rung's height", 240, 4_320),
                checked(three.get(1), "a rung's frame rate", 24, 240),
                checked(three.get(2), "a rung's kbit/s", 100, 200_000)));
  }

  private List<Limits.Level> levels() {
    return threes(
        "levels",
        "a level is [height, frame rate, level in tenths]",
        three ->
            new Limits.Level(
                checked(three.get(0), "a level's height", 240, 4_320),
                checked(three.get(1), "a level's frame rate", 24, 240),
                checked(three.get(2), "a level in tenths", 10, 62)));
  }

  private <T> List<T> threes(String name, String form, Function<List<?>, T> of) {
    List<T> read = new ArrayList<>();
    for (Object entry : list(name)) {
      if (entry instanceof List<?> three && three.size() == 3) {
        read.add(of.apply(three));
      } else {
        faults.add(id + ": " + form);
      }
    }
    return read;
  }

  private List<Integer> sampleRates() {
    List<Integer> rates = new ArrayList<>();
    for (Object rate : list("sampleRates")) {
      rates.add(checked(rate, "a sample rate", 8_000, 192_000));
    }
    return rates;
  }

  private List<?> list(String name) {
    Object value = fields.get(name);
    if (value == null || value instanceof List<?>) {
      return value == null ? List.of() : (List<?>) value;
    }
    faults.add(id + ": " + name + " must be a list");
    return List.of();
  }

  private String source() {
    if (fields.get("source") instanceof String marks && marks.matches("[DOUM]+")) {
      return marks;
    }
    faults.add(id + ": source must be of D, O, U and M");
    return "";
  }
}
