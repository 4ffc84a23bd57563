package manycast.control.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads variables one by one and keeps every fault, so that all of them are told at once. */
final class Environment {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|m)");

  private final Map<String, String> variables;
  private final List<String> faults = new ArrayList<>();
  private final Set<String> asked = new TreeSet<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The value, or null when the variable is absent or empty. */
  @Nullable String optional(String name) {
    asked.add(name);
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value.trim();
  }

  String text(String name, String fallback, Predicate<String> accepts, String accepted) {
    String value = optional(name);
    if (value == null) {
      return fallback;
    }
    if (!accepts.test(value)) {
      fault(name, value, accepted);
      return fallback;
    }
    return value;
  }

  String required(String name, Predicate<String> accepts, String accepted) {
    String value = optional(name);
    if (value == null) {
      faults.add(name + " is not set: it must be " + accepted);
      return "";
    }
    if (!accepts.test(value)) {
      fault(name, value, accepted);
    }
    return value;
  }

  /** A secret is named in a fault, its value never is. */
  @Nullable Secret secret(String name, Predicate<String> accepts, String accepted) {
    asked.add(name);
    String value = variables.get(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (!accepts.test(value)) {
      faults.add(name + " (not shown, " + value.length() + " characters) must be " + accepted);
    }
    return new Secret(value);
  }

  Secret requiredSecret(String name, Predicate<String> accepts, String accepted) {
    Secret secret = secret(name, accepts, accepted);
    if (secret == null) {
      faults.add(name + " is not set: it must be " + accepted);
      return new Secret("");
    }
    return secret;
  }

  int port(String name, int fallback) {
    String value = optional(name);
    if (value == null) {
      return fallback;
    }
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below like a number out of range.
    }
    fault(name, value, "a port from 1 to 65535");
    return fallback;
  }

  /** A time such as {@code 20s} or {@code 10m}. */
  Duration duration(String name, Duration fallback, Duration least, Duration most) {
    String value = optional(name);
    if (value == null) {
      return fallback;
    }
    Matcher matcher = DURATION.matcher(value);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      Duration given =
          matcher.group(2).equals("m") ? Duration.ofMinutes(amount) : Duration.ofSeconds(amount);
      if (given.compareTo(least) >= 0 && given.compareTo(most) <= 0) {
        return given;
      }
    }
    fault(
        name,
        value,
        "a time from %ds to %dm, such as 20s".formatted(least.toSeconds(), most.toMinutes()));
    return fallback;
  }

  void fault(String name, String given, String accepted) {
    faults.add(name + "=" + given + " must be " + accepted);
  }

  void fault(String line) {
    faults.add(line);
  }

  boolean given(String name) {
    return optional(name) != null;
  }

  List<String> faults() {
    return faults;
  }

  /** Variables of ours that are set although nothing here has asked for them. */
  List<String> unasked() {
    return variables.keySet().stream()
        .filter(name -> name.startsWith("MANYCAST_") && !asked.contains(name))
        .sorted()
        .toList();
  }
}
