package manycast.media.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads typed values from variables and collects what is wrong with them. */
final class Environment {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15})([kmg]?)", Pattern.CASE_INSENSITIVE);

  private final Map<String, String> variables;
  private final List<String> faults = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  List<String> faults() {
    return faults;
  }

  /** Whether the variable is set to something. */
  boolean has(String name) {
    return !variables.getOrDefault(name, "").isBlank();
  }

  String text(String name, String fallback) {
    return has(name) ? variables.getOrDefault(name, "").strip() : fallback;
  }

  String required(String name, String accepted) {
    if (!has(name)) {
      faults.add(name + " is not set; accepted is " + accepted);
    }
    return text(name, "");
  }

  int port(String name, int fallback) {
    return parsed(
        name,
        fallback,
        "a port from 1 to 65535",
        text -> {
          int port = Integer.parseInt(text);
          return port >= 1 && port <= 65_535 ? port : null;
        });
  }

  Duration duration(String name, Duration fallback, Duration longest) {
    return parsed(
        name,
        fallback,
        "a duration such as 20s, 500ms or 2m, at most " + longest.toSeconds() + "s",
        text -> {
          Matcher matcher = DURATION.matcher(text);
          if (!matcher.matches()) {
            return null;
          }
          long count = Long.parseLong(matcher.group(1));
          Duration duration =
              switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
              };
          return duration.compareTo(longest) <= 0 ? duration : null;
        });
  }

  long size(String name, long fallback, long smallest) {
    return parsed(
        name,
        fallback,
        "a size such as 512m or 2g, at least " + (smallest >> 20) + "m",
        text -> {
          Matcher matcher = SIZE.matcher(text);
          if (!matcher.matches()) {
            return null;
          }
          int shift =
              switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                default -> 0;
              };
          long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
          return bytes >= smallest ? bytes : null;
        });
  }

  URI httpUrl(String name, String fallback) {
    return parsed(
        name,
        URI.create(fallback),
        "a URL such as " + fallback,
        text -> {
          URI uri = uri(text);
          return uri != null && isHttp(uri) ? uri : null;
        });
  }

  /**
   * Scheme, host and port of an HTTP server, without a slash at the end: whoever asks it appends a
   * path.
   */
  URI httpOrigin(String name, String fallback) {
    return parsed(
        name,
        URI.create(fallback),
        "a URL without a path, such as " + fallback,
        text -> {
          URI uri = uri(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
          return uri != null && isHttp(uri) && uri.equals(originOf(uri)) ? uri : null;
        });
  }

  /**
   * A value that {@code parse} makes of the variable's text; where it answers null or throws, that
   * is a fault. The text is repeated in the fault, so this is not for secrets.
   */
  <T> T parsed(String name, T fallback, String accepted, Function<String, @Nullable T> parse) {
    if (!has(name)) {
      return fallback;
    }
    String text = text(name, "");
    T value = null;
    try {
      value = parse.apply(text);
    } catch (IllegalArgumentException | ArithmeticException notAccepted) {
      value = null;
    }
    if (value == null) {
      faults.add(name + " is \"" + text + "\"; accepted is " + accepted);
      return fallback;
    }
    return value;
  }

  /**
   * A secret that {@code parse} makes something of, or null with a fault that repeats nothing of
   * it.
   */
  <T> @Nullable T secret(String name, String accepted, Function<String, T> parse) {
    if (!has(name)) {
      faults.add(name + " is not set; accepted is " + accepted);
      return null;
    }
    try {
      return parse.apply(text(name, ""));
    } catch (IllegalArgumentException notAccepted) {
      faults.add(name + " is given, but not as accepted: " + accepted);
      return null;
    }
  }

  private static boolean isHttp(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null;
  }

  private static @Nullable URI originOf(URI uri) {
    return uri(
        uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException notAUrl) {
      return null;
    }
  }
}
