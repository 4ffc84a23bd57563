package manycast.launcher.settings;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ports of one control plane and one media node.
 *
 * @param http dashboard and API
 * @param internal the control plane's metrics
 * @param mediaHttp the node's preview
 * @param mediaInternal the node's metrics and {@code /v1}
 * @param rtmp where encoders publish
 * @param rtmps where they do so over TLS
 * @param database the embedded Postgres
 */
public record Ports(
    int http, int internal, int mediaHttp, int mediaInternal, int rtmp, int rtmps, int database) {
  /** The variables that say them, and what they are where these say nothing. */
  static final SortedMap<String, Integer> STANDARD =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "MANYCAST_HTTP_PORT", 8080,
                  "MANYCAST_INTERNAL_PORT", 8082,
                  "MANYCAST_MEDIA_HTTP_PORT", 8081,
                  "MANYCAST_MEDIA_INTERNAL_PORT", 8083,
                  "MANYCAST_RTMP_PORT", 1935,
                  "MANYCAST_RTMPS_PORT", 1936,
                  "MANYCAST_DB_PORT", 54320)));

  /** Those of variables that were checked. */
  static Ports of(Map<String, String> given) {
    return new Ports(
        port(given, "MANYCAST_HTTP_PORT"),
        port(given, "MANYCAST_INTERNAL_PORT"),
        port(given, "MANYCAST_MEDIA_HTTP_PORT"),
        port(given, "MANYCAST_MEDIA_INTERNAL_PORT"),
        port(given, "MANYCAST_RTMP_PORT"),
        port(given, "MANYCAST_RTMPS_PORT"),
        port(given, "MANYCAST_DB_PORT"));
  }

  private static int port(Map<String, String> given, String name) {
    String value = given.get(name);
    return value == null ? Objects.requireNonNull(STANDARD.get(name)) : Integer.parseInt(value);
  }
}
