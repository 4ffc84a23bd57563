package manycast.control.streams;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import manycast.control.broadcasts.Broadcast;
import manycast.control.broadcasts.BroadcastState;
import org.jspecify.annotations.Nullable;

/** What a stream is doing; the words are those of the API and the pages. */
public enum StreamState {
  IDLE,
  LIVE,
  RESUMING,
  DISABLED;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static StreamState of(Stream stream, @Nullable Broadcast current) {
    if (!stream.enabled()) {
      return DISABLED;
    }
    if (current == null || current.state() == BroadcastState.ENDED) {
      return IDLE;
    }
    return current.state() == BroadcastState.LIVE ? LIVE : RESUMING;
  }
}
