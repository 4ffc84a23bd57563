package manycast.media.rtmp.connection;

import java.util.Map;

/**
 * What an encoder asked for with {@code publish}.
 *
 * @param app the application of {@code connect} without its query
 * @param key the stream key: the publish name without prefix and query, or the app's last segment
 *     when the name is empty
 * @param query parameters of app, tcUrl and name; the name's win
 * @param encoder {@code flashVer} of connect, which is how encoders name themselves; may be empty
 */
public record PublishRequest(String app, String key, Map<String, String> query, String encoder) {
  /** Keeps a copy of the query. */
  public PublishRequest {
    query = Map.copyOf(query);
  }

  /** Without key and query: this text may reach a log. */
  @Override
  public String toString() {
    return "PublishRequest[app=" + app + ", encoder=" + encoder + "]";
  }
}
