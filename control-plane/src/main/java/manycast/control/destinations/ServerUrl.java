package manycast.control.destinations;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server part of a destination's address. It is checked and never rewritten: a platform gets it
 * byte for byte, query included. It may name a user and a password for servers that ask; the
 * password is kept apart from it.
 */
final class ServerUrl {
  private static final int LONGEST = 2000;
  private static final int SHORTEST_SECRET = 8;
  private static final int LONGER_THAN_WORDS = 16;
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<path>[^?#]*)(?<query>\\?[^#]*)?(?<fragment>#.*)?");
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:(?<user>[^:@]+)(?::(?<password>[^@]*))?@)?(?<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,5}))?");

  private ServerUrl() {}

  /** What is wrong with the URL as a plain sentence, or null when it can be taken. */
  static @Nullable String fault(String url) {
    if (url.length() > LONGEST) {
      return "has " + url.length() + " characters; at most " + LONGEST + " are accepted";
    }
    if (url.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      return "must not contain spaces, line breaks or letters outside ASCII";
    }
    Matcher parts = SHAPE.matcher(url);
    if (!parts.matches()) {
      return "must be a server address such as rtmp://live.example.com/app";
    }
    String schemeFault = schemeFault(parts.group("scheme").toLowerCase(Locale.ROOT));
    if (schemeFault != null) {
      return schemeFault;
    }
    String authorityFault = authorityFault(parts.group("authority"));
    if (authorityFault != null) {
      return authorityFault;
    }
    if (parts.group("path").chars().allMatch(c -> c == '/')) {
      return "has no app after the host: most servers want one, as in rtmp://live.example.com/app";
    }
    if (parts.group("fragment") != null) {
      return "must not contain #";
    }
    return null;
  }

  /**
   * What is wrong with the two together, or null: a URL is shown to everybody, so a key must not
   * stand in it. A plain word such as {@code livestream} is no secret and may be both.
   */
  static @Nullable String keyFault(String url, String streamKey) {
    boolean isWord =
        streamKey.length() < LONGER_THAN_WORDS && streamKey.chars().allMatch(Character::isLetter);
    return streamKey.length() >= SHORTEST_SECRET && !isWord && url.contains(streamKey)
        ? "has the stream key in the URL, where everybody sees it: give the key in its own field only"
        : null;
  }

  /** The password in a URL that has no fault, as it is written there, or null. */
  static @Nullable String password(String url) {
    Matcher parts = authority(url);
    return parts == null ? null : parts.group("password");
  }

  /** A URL that has no fault without its password, the user's name kept. */
  static String withoutPassword(String url) {
    Matcher parts = authority(url);
    if (parts == null || parts.group("password") == null) {
      return url;
    }
    int from = url.indexOf("://") + "://".length();
    return url.substring(0, from + parts.start("password") - 1)
        + url.substring(from + parts.end("password"));
  }

  private static @Nullable Matcher authority(String url) {
    Matcher whole = SHAPE.matcher(url);
    if (!whole.matches()) {
      return null;
    }
    Matcher parts = AUTHORITY.matcher(whole.group("authority"));
    return parts.matches() ? parts : null;
  }

  private static @Nullable String schemeFault(String scheme) {
    return switch (scheme) {
      case "rtmp", "rtmps" -> null;
      case "srt" ->
          "SRT destinations are not built yet; an address that starts with rtmp:// or rtmps:// is accepted";
      default -> "must start with rtmp:// or rtmps://";
    };
  }

  private static @Nullable String authorityFault(String authority) {
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      if (authority.contains("@")) {
        return "must name user and password as in rtmp://user:password@host/app, with %40 for @, %3A for : and %2F for / in them";
      }
      return "must name a host, as in rtmp://live.example.com/app";
    }
    String port = parts.group("port");
    if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535)) {
      return "has the port " + port + "; 1 to 65535 is accepted";
    }
    return null;
  }
}
