package manycast.control.destinations;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole publish address, server and stream key in one as people paste it, taken apart. Both parts
 * are what was pasted, byte for byte: a key may hold {@code ?}, {@code &} and {@code =}.
 *
 * @param server the server part; a query that belongs to the server is in it
 * @param streamKey empty where only a missing app was added to the server
 */
record PastedUrl(String server, String streamKey) {
  private static final Pattern SHAPE =
      Pattern.compile("(?i:rtmps?)://(?<authority>[^/?#]+)(?<path>/[^?#]*)?(?<query>\\?.*)?");

  /** Amazon's servers, which Kick and Twitch use too: their one app is {@code app}. */
  private static final Pattern AMAZON =
      Pattern.compile("(?i:[a-z0-9.-]*\\.live-video\\.net)(?::[0-9]+)?");

  private static final String AMAZON_APP = "/app";

  /**
   * What a pasted address consists of; empty where it is a server alone, or no such address.
   *
   * @param typedKey what stands in the key's own field, where anything does
   * @param servers those that are known: what follows one of them is the key, slashes and all
   */
  static Optional<PastedUrl> read(String pasted, String typedKey, Collection<String> servers) {
    Matcher parts = SHAPE.matcher(pasted);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String path = parts.group("path") == null ? "" : parts.group("path");
    if (AMAZON.matcher(parts.group("authority")).matches() && !path.startsWith(AMAZON_APP)) {
      return amazon(parts, path, typedKey);
    }
    if (!typedKey.isEmpty()) {
      return pasted.endsWith("/" + typedKey) && segments(path) > 1
          ? Optional.of(
              new PastedUrl(pasted.substring(0, pasted.length() - typedKey.length() - 1), typedKey))
          : Optional.empty();
    }
    return behindOneOf(servers, pasted).or(() -> lastSegment(pasted, parts, path));
  }

  /** The two in one again. */
  static String joined(String server, String streamKey) {
    return server.endsWith("/") ? server + streamKey : server + "/" + streamKey;
  }

  private static Optional<PastedUrl> amazon(Matcher parts, String path, String typedKey) {
    String server = parts.group().substring(0, parts.end("authority")) + AMAZON_APP;
    String query = parts.group("query") == null ? "" : parts.group("query");
    String rest = path.replaceFirst("^/+", "") + query;
    return typedKey.isEmpty() || rest.isEmpty()
        ? Optional.of(new PastedUrl(server, rest.isEmpty() ? typedKey : rest))
        : Optional.empty();
  }

  private static Optional<PastedUrl> behindOneOf(Collection<String> servers, String pasted) {
    return servers.stream()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .flatMap(server -> behind(server, pasted).stream())
        .findFirst();
  }

  /** Where the server has a query of its own, the key may stand before it or behind it. */
  private static Optional<PastedUrl> behind(String server, String pasted) {
    int query = server.indexOf('?');
    String base = query < 0 ? server : server.substring(0, query);
    String own = query < 0 ? "" : server.substring(query);
    String before = base.endsWith("/") ? base : base + "/";
    if (pasted.startsWith(before) && pasted.endsWith(own)) {
      int end = pasted.length() - own.length();
      if (end > before.length()) {
        return Optional.of(new PastedUrl(server, pasted.substring(before.length(), end)));
      }
    }
    String behind = server + "/";
    return !own.isEmpty() && pasted.startsWith(behind) && pasted.length() > behind.length()
        ? Optional.of(new PastedUrl(server, pasted.substring(behind.length())))
        : Optional.empty();
  }

  /** Of {@code /app/KEY?query} the key with its query: an app alone is a server. */
  private static Optional<PastedUrl> lastSegment(String pasted, Matcher parts, String path) {
    int slash = path.lastIndexOf('/');
    if (segments(path) < 2 || slash == path.length() - 1) {
      return Optional.empty();
    }
    int cut = parts.start("path") + slash;
    return Optional.of(new PastedUrl(pasted.substring(0, cut), pasted.substring(cut + 1)));
  }

  private static long segments(String path) {
    return Pattern.compile("/+").splitAsStream(path).filter(part -> !part.isEmpty()).count();
  }

  @Override
  public String toString() {
    return "PastedUrl[" + server + "]";
  }
}
