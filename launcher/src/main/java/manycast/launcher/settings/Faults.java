package manycast.launcher.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is wrong with the variables that are given: a line each, all of them. */
final class Faults {
  private final List<String> lines = new ArrayList<>();

  /** Looks at each of them, and at what has to be given together. */
  Faults check(SortedMap<String, String> given) {
    given.forEach(this::check);
    if (given.containsKey("MANYCAST_TLS_CERT") != given.containsKey("MANYCAST_TLS_KEY")) {
      lines.add("MANYCAST_TLS_CERT, MANYCAST_TLS_KEY: one was given; accepted: both or none");
    }
    if (!given.containsKey("MANYCAST_DB_URL")) {
      Settings.DATABASE.stream()
          .filter(given::containsKey)
          .map("%s: given without MANYCAST_DB_URL; accepted: both or none"::formatted)
          .forEach(lines::add);
    }
    if (given.getOrDefault("MANYCAST_STORE", "").startsWith("s3:")) {
      Stream.of("MANYCAST_STORE_KEY_ID", "MANYCAST_STORE_SECRET")
          .filter(name -> !given.containsKey(name))
          .map(
              "%s: not given, with a bucket in MANYCAST_STORE; accepted: the bucket's key"
                  ::formatted)
          .forEach(lines::add);
    }
    return this;
  }

  private void check(String name, String value) {
    Variables.find(name)
        .filter(variable -> !variable.accepts().test(value))
        .map(
            variable ->
                "%s: %s; accepted: %s"
                    .formatted(
                        name,
                        variable.secret()
                            ? "a secret of %d characters was given".formatted(value.length())
                            : "\"%s\" was given".formatted(value),
                        variable.accepted()))
        .ifPresent(lines::add);
  }

  /** Looks for one port that two are to listen on. */
  Faults checkPorts(SortedMap<String, String> given) {
    SortedMap<String, String> seen = new TreeMap<>();
    Ports.STANDARD.forEach(
        (name, standard) -> {
          String port = given.getOrDefault(name, standard.toString());
          String other = seen.putIfAbsent(port, name);
          if (other != null) {
            lines.add(
                "%s: %s is the port of %s too; accepted: a port of its own"
                    .formatted(name, port, other));
          }
        });
    return this;
  }

  /**
   * @throws BadSettingsException with all of them
   */
  void throwIfAny() {
    if (!lines.isEmpty()) {
      throw new BadSettingsException(lines);
    }
  }
}
