package manycast.media.relay;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import manycast.media.rtmp.connection.Authentication;
import manycast.media.rtmp.connection.ClientTarget;
import manycast.media.rtmp.connection.Login;
import org.jspecify.annotations.Nullable;

/**
 * A destination's server URL taken apart: {@code rtmp://host[:port]/app} or the same with {@code
 * rtmps}. Everything behind the first slash is the app, byte for byte, one trailing slash removed,
 * as OBS does it.
 *
 * @param secure whether TLS is spoken there
 * @param tcUrl the whole URL as it is announced to the server, without user and password
 * @param login user and password where the URL holds them, as in {@code rtmp://user:password@host};
 *     what is percent-encoded in them is decoded
 */
public record ServerUrl(
    boolean secure, String host, int port, String app, String tcUrl, @Nullable Login login) {
  private static final String PLAIN = "rtmp://";
  private static final String SECURE = "rtmps://";
  private static final int PLAIN_PORT = 1935;
  private static final int SECURE_PORT = 443;

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it is no RTMP URL; the message does not repeat it,
   *     because its query may hold secrets
   */
  public static ServerUrl parse(String url) {
    boolean secure = url.regionMatches(true, 0, SECURE, 0, SECURE.length());
    if (!secure && !url.regionMatches(true, 0, PLAIN, 0, PLAIN.length())) {
      throw new IllegalArgumentException("the URL does not begin with " + PLAIN + " or " + SECURE);
    }
    String trimmed = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    int scheme = secure ? SECURE.length() : PLAIN.length();
    String rest = trimmed.substring(Math.min(scheme, trimmed.length()));
    int slash = rest.indexOf('/');
    String whole = slash < 0 ? rest : rest.substring(0, slash);
    int at = whole.lastIndexOf('@');
    Login login = at < 0 ? null : login(whole.substring(0, at));
    String authority = whole.substring(at + 1);
    String tcUrl = trimmed.substring(0, trimmed.length() - rest.length()) + rest.substring(at + 1);
    String app = slash < 0 ? "" : rest.substring(slash + 1);
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the URL names no host");
    }
    int standard = secure ? SECURE_PORT : PLAIN_PORT;
    return new ServerUrl(
        secure, host, hasPort ? port(authority.substring(colon + 1)) : standard, app, tcUrl, login);
  }

  private static Login login(String userInfo) {
    int colon = userInfo.indexOf(':');
    return colon < 0
        ? new Login(decoded(userInfo), "")
        : new Login(decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
  }

  private static String decoded(String text) {
    try {
      // Of form encoding only the plus sign differs.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unusual) {
      return text;
    }
  }

  /** What to publish there with this key. */
  public ClientTarget target(String key) {
    return new ClientTarget(
        app, tcUrl, key, ClientTarget.DEFAULT_FLASH_VER, Authentication.with(login), List.of());
  }

  /**
   * Where a server that is reached by this URL asks to be connected to: by a whole URL, by one
   * relative to this, or here again when it names none. What cannot be dialled, or would leave TLS,
   * is here again too (Enhanced RTMP, reconnect request).
   */
  ServerUrl moved(String to) {
    try {
      ServerUrl there = parse(absolute(to));
      return secure && !there.secure ? this : there.withLogin(login);
    } catch (IllegalArgumentException unusable) {
      return this;
    }
  }

  /** Whoever sends us on says where to, not who we are. */
  private ServerUrl withLogin(@Nullable Login known) {
    return new ServerUrl(secure, host, port, app, tcUrl, known);
  }

  private String absolute(String to) {
    String scheme = secure ? SECURE : PLAIN;
    int path = tcUrl.indexOf('/', scheme.length());
    String server = path < 0 ? tcUrl : tcUrl.substring(0, path);
    if (to.isEmpty()) {
      return tcUrl;
    }
    if (to.contains("://")) {
      return to;
    }
    if (to.startsWith("//")) {
      return scheme + to.substring(2);
    }
    return server + (to.startsWith("/") ? "" : "/") + to;
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("the URL's port is not a number", notANumber);
    }
    throw new IllegalArgumentException("the URL's port is not in 1 to 65535");
  }

  /** Without the URL. */
  @Override
  public String toString() {
    return "ServerUrl[" + host + ":" + port + "]";
  }
}
