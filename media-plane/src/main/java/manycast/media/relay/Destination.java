package manycast.media.relay;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One place a stream is to be sent to, as configured.
 *
 * @param url server URL as the user gave it; its query may hold secrets
 * @param key sent byte for byte; null when what is stored of it cannot be opened
 * @param delayMs how much later than it arrived the media is to be sent, 0 to 60000
 * @param tracks which tracks of the broadcast it is sent
 * @param revision grows when it becomes another place, and when somebody asks to try again now
 */
public record Destination(
    UUID id,
    String name,
    String platform,
    String url,
    @Nullable String key,
    boolean enabled,
    int delayMs,
    TrackChoice tracks,
    long revision) {
  /** Without URL and key: this text may reach a log. */
  @Override
  public String toString() {
    return "Destination[" + id + ", revision=" + revision + (enabled ? "]" : ", disabled]");
  }
}
