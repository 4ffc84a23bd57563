package manycast.control.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import manycast.db.identity.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane is told by its environment.
 *
 * @param httpPort port of the dashboard and the API, {@code MANYCAST_HTTP_PORT}
 * @param internalPort port of health and metrics on loopback, {@code MANYCAST_INTERNAL_PORT}
 * @param publicHost host that ingest addresses are printed with, {@code MANYCAST_PUBLIC_HOST}
 * @param publicUrl the dashboard as browsers reach it, without a trailing slash, {@code
 *     MANYCAST_PUBLIC_URL}
 * @param rtmpPort port that RTMP ingest addresses are printed with, {@code MANYCAST_RTMP_PORT}
 * @param rtmpsPort port that RTMPS ingest addresses are printed with, {@code MANYCAST_RTMPS_PORT}
 * @param database how to reach Postgres
 * @param previewTokenLife how long the address of a preview is good, {@code
 *     MANYCAST_PREVIEW_TOKEN_LIFE}
 * @param secretKey 32 bytes as base64, {@code MANYCAST_SECRET_KEY}
 * @param firstAdmin who is made on the first start, if anybody
 * @param notYetRead variables that are set and well formed, but that nothing reads so far
 */
public record Settings(
    int httpPort,
    int internalPort,
    String publicHost,
    String publicUrl,
    int rtmpPort,
    int rtmpsPort,
    Duration previewTokenLife,
    Database database,
    Secret secretKey,
    @Nullable FirstAdmin firstAdmin,
    List<String> notYetRead) {

  /** {@code MANYCAST_DB_URL}, {@code MANYCAST_DB_USER}, {@code MANYCAST_DB_PASSWORD}. */
  public record Database(String url, String user, Secret password) {}

  /**
   * {@code MANYCAST_ADMIN_EMAIL}, {@code MANYCAST_ADMIN_PASSWORD}, {@code MANYCAST_ADMIN_TOKEN}.
   */
  public record FirstAdmin(String email, Secret password, Secret token) {}

  /** Long enough that a page which is told of a new one when half is over plays on in peace. */
  private static final Duration SHORTEST_TOKEN_LIFE = Duration.ofSeconds(20);

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{20,200}");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,255}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]");

  /** Reads the environment, or tells every fault in it. */
  public static Settings read(Map<String, String> variables) throws SettingsException {
    var environment = new Environment(variables);
    int httpPort = environment.port("MANYCAST_HTTP_PORT", 8080);
    int internalPort = environment.port("MANYCAST_INTERNAL_PORT", 8082);
    String publicHost =
        environment.text(
            "MANYCAST_PUBLIC_HOST",
            "localhost",
            v -> HOST.matcher(v).matches(),
            "a host name or address, without a port");
    String publicUrl =
        environment.text(
            "MANYCAST_PUBLIC_URL",
            "http://" + publicHost + ":" + httpPort,
            Settings::isWebOrigin,
            "an http:// or https:// URL with a host and no path");
    int rtmpPort = environment.port("MANYCAST_RTMP_PORT", 1935);
    int rtmpsPort = environment.port("MANYCAST_RTMPS_PORT", 1936);
    Duration previewTokenLife =
        environment.duration(
            "MANYCAST_PREVIEW_TOKEN_LIFE",
            ProcessIdentity.LONGEST_VIEWER_TOKEN_LIFE,
            SHORTEST_TOKEN_LIFE,
            ProcessIdentity.LONGEST_VIEWER_TOKEN_LIFE);
    var database =
        new Database(
            environment.required(
                "MANYCAST_DB_URL",
                v -> v.startsWith("jdbc:postgresql:"),
                "a JDBC URL that starts with jdbc:postgresql:"),
            environment.required(
                "MANYCAST_DB_USER",
                v -> true,
                "the role of the control plane, such as manycast_control"),
            environment.requiredSecret(
                "MANYCAST_DB_PASSWORD", v -> true, "the password of that role"));
    Secret secretKey =
        environment.requiredSecret(
            "MANYCAST_SECRET_KEY", Settings::is32Bytes, "32 bytes written as base64");
    FirstAdmin firstAdmin = firstAdmin(environment);
    List<String> notYetRead = OtherVariables.check(environment);
    if (httpPort == internalPort) {
      environment.fault(
          "MANYCAST_HTTP_PORT and MANYCAST_INTERNAL_PORT are both "
              + httpPort
              + ": they must differ");
    }
    if (!environment.faults().isEmpty()) {
      throw new SettingsException(environment.faults());
    }
    return new Settings(
        httpPort,
        internalPort,
        publicHost,
        publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl,
        rtmpPort,
        rtmpsPort,
        previewTokenLife,
        database,
        secretKey,
        firstAdmin,
        notYetRead);
  }

  /** Whether browsers reach the dashboard by https, so that cookies are to be {@code Secure}. */
  public boolean secureCookies() {
    return publicUrl.startsWith("https:");
  }

  private static @Nullable FirstAdmin firstAdmin(Environment environment) {
    String email =
        environment.text(
            "MANYCAST_ADMIN_EMAIL", "", v -> EMAIL.matcher(v).matches(), "an e-mail address");
    Secret password =
        environment.secret(
            "MANYCAST_ADMIN_PASSWORD",
            v -> v.length() >= 10 && v.length() <= 200,
            "10 to 200 characters");
    Secret token =
        environment.secret(
            "MANYCAST_ADMIN_TOKEN",
            v -> TOKEN.matcher(v).matches(),
            "20 to 200 of A-Z, a-z, 0-9, _ and -");
    var missing = new ArrayList<String>();
    if (!environment.given("MANYCAST_ADMIN_EMAIL")) {
      missing.add("MANYCAST_ADMIN_EMAIL");
    }
    if (password == null) {
      missing.add("MANYCAST_ADMIN_PASSWORD");
    }
    if (token == null) {
      missing.add("MANYCAST_ADMIN_TOKEN");
    }
    if (password != null && token != null && missing.isEmpty()) {
      return new FirstAdmin(email.toLowerCase(Locale.ROOT), password, token);
    }
    if (missing.size() < 3) {
      missing.forEach(
          name ->
              environment.fault(
                  name + " is not set: the three of the first admin are given together"));
    }
    return null;
  }

  private static boolean is32Bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64.trim()).length == 32;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static boolean isWebOrigin(String url) {
    try {
      var uri = new URI(url);
      String path = uri.getPath();
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && (path == null || path.isEmpty() || path.equals("/"))
          && uri.getRawQuery() == null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
