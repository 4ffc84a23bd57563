package manycast.launcher.settings;

import java.net.InetAddress;
import java.net.URI;
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

  /** A process that reads it without the blanks at its ends would read another one. */
  static boolean password(String value) {
    return notBlank(value) && value.equals(value.strip());
  }

  static boolean port(String value) {
    return value.matches("[1-9]\\d{0,4}") && Integer.parseInt(value) <= 65535;
  }

  /** What may stand in an address before the port: IPv6 in brackets. */
  static boolean host(String value) {
    return value.matches("[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]+]")
        && uri("http://" + value + ":1").filter(uri -> uri.getHost() != null).isPresent();
  }

  /** Whether it is this machine whoever asks; of names only one is, others may lead anywhere. */
  static boolean loopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    return address(host.replaceAll("[\\[\\]]", ""))
        .filter(InetAddress::isLoopbackAddress)
        .isPresent();
  }

  private static Optional<InetAddress> address(String value) {
    try {
      return Optional.of(InetAddress.ofLiteral(value));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
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
    return value.matches("[^@\\s]{1,64}@[^@\\s]{1,255}");
  }

  static boolean key32(String value) {
    try {
      return Base64.getDecoder().decode(value.strip()).length == 32;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  static boolean networks(String value) {
    for (String network : value.split(",", -1)) {
      if (!network(network.strip())) {
        return false;
      }
    }
    return true;
  }

  private static boolean network(String value) {
    if (!value.matches("[0-9A-Fa-f.:]+/\\d{1,3}")) {
      return false;
    }
    int slash = value.indexOf('/');
    int prefix = Integer.parseInt(value.substring(slash + 1));
    return address(value.substring(0, slash))
        .filter(address -> prefix <= address.getAddress().length * 8)
        .isPresent();
  }

  static boolean duration(String value, long mostMillis) {
    return DURATION.matcher(value).matches() && parseDuration(value).toMillis() <= mostMillis;
  }

  /** What the control plane, which knows seconds and minutes alone, can grant a viewer. */
  static boolean tokenLife(String value) {
    return value.matches("\\d{1,6}[sm]")
        && parseDuration(value).compareTo(Duration.ofSeconds(20)) >= 0
        && parseDuration(value).compareTo(Duration.ofMinutes(10)) <= 0;
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
