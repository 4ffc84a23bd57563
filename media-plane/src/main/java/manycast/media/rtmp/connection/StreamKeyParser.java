package manycast.media.rtmp.connection;

import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the stream key in the three places where encoders put it and its query. */
final class StreamKeyParser {
  private StreamKeyParser() {}

  /** The request that connect's app and URL and publish's name make together. */
  static PublishRequest parse(String app, String tcUrl, String name, String encoder) {
    Map<String, String> query = new LinkedHashMap<>();
    addQuery(query, app);
    addQuery(query, tcUrl);
    addQuery(query, name);
    String path = trimSlash(beforeQuery(app));
    String key = withoutPrefix(beforeQuery(name));
    if (key.isEmpty()) {
      // Encoders without a key field take the whole URL: the key is behind the application.
      int slash = path.lastIndexOf('/');
      key = slash < 0 ? "" : path.substring(slash + 1);
    }
    return new PublishRequest(firstSegment(path), key, query, encoder);
  }

  /** The application's first path segment, which is all that we look at. */
  static String firstSegment(String app) {
    String path = trimSlash(beforeQuery(app));
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }

  private static String trimSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String beforeQuery(String text) {
    int mark = text.indexOf('?');
    return mark < 0 ? text : text.substring(0, mark);
  }

  /** Clients put these before names by the file's ending. */
  private static String withoutPrefix(String name) {
    return name.startsWith("mp4:") || name.startsWith("mp3:") || name.startsWith("flv:")
        ? name.substring(4)
        : name;
  }

  private static void addQuery(Map<String, String> query, String text) {
    int mark = text.indexOf('?');
    if (mark < 0) {
      return;
    }
    for (String pair : text.substring(mark + 1).split("[&?]")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        query.put(
            equals < 0 ? pair : pair.substring(0, equals),
            equals < 0 ? "" : pair.substring(equals + 1));
      }
    }
  }
}
