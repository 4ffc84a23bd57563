package manycast.launcher.settings;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shapes that values of variables may have. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern MEMORY = Pattern.compile("(\\d{1,9})([kKmMgG])");
  private static final long LEAST_MEMORY = 64L << 20;

  static boolean notBlank(String value) {
    return !value.isBlank();
  }

  static boolean port(String value) {
    return value.matches("\\d{1,5}")
        && Integer.parseInt(value) >= 1
        && Integer.parseInt(value) <= 65535;
  }

  static boolean host(String value) {
    return value.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
        || value.matches("\\[?[0-9A-Fa-f:]+]?");
  }

  static boolean httpUrl(String value) {
    return uri(value)
        .filter(uri -> "http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        .filter(uri -> uri.getHost() != null)
        .isPresent();
  }

  static boolean baseUrl(String value) {
    return httpUrl(value)
        && uri(value)
            .filter(uri -> uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            .filter(uri -> uri.getRawQuery() == null && uri.getRawFragment() == null)
            .filter(uri -> uri.getRawUserInfo() == null)
            .isPresent();
  }

  static boolean smtpUrl(String value) {
    return uri(value)
        .filter(uri -> "smtp".equals(uri.getScheme()) || "smtps".equals(uri.getScheme()))
        .filter(uri -> uri.getHost() != null)
        .isPresent();
  }

  static boolean jdbcUrl(String value) {
    return value.matches("jdbc:postgresql:[^\\s]+");
  }

  static boolean email(String value) {
    return value.length() <= 320 && value.matches("[^@\\s]+@[^@\\s]+");
  }

  static boolean key32(String value) {
    try {
      return Base64.getDecoder().decode(value).length == 32;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  static boolean readableFile(String value) {
    try {
      return Files.isRegularFile(Path.of(value)) && Files.isReadable(Path.of(value));
    } catch (InvalidPathException notEvenAPath) {
      return false;
    }
  }

  static boolean networks(String value) {
    for (String network : value.split(",", -1)) {
      if (!network.strip().matches("[0-9A-Fa-f.:]+/\\d{1,3}")) {
        return false;
      }
    }
    return true;
  }

  static boolean duration(String value, long mostMillis) {
    return DURATION.matcher(value).matches() && parseDuration(value).toMillis() <= mostMillis;
  }

  /** A value that {@link #duration} accepted. */
  static Duration parseDuration(String value) {
    Matcher matcher = matched(DURATION, value);
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  static boolean memory(String value) {
    return MEMORY.matcher(value).matches() && parseMemory(value) >= LEAST_MEMORY;
  }

  /** Bytes, of a value that {@link #memory} accepted. */
  static long parseMemory(String value) {
    Matcher matcher = matched(MEMORY, value);
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "k", "K" -> amount << 10;
      case "m", "M" -> amount << 20;
      default -> amount << 30;
    };
  }

  private static Matcher matched(Pattern pattern, String value) {
    Matcher matcher = pattern.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalStateException("not checked before it was read: " + pattern);
    }
    return matcher;
  }

  private static Optional<URI> uri(String value) {
    try {
      return Optional.of(URI.create(value));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private Values() {}
}
