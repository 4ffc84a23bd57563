package manycast.control.broadcasts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a broadcast is doing; the words are those of the database, the API and the pages. */
public enum BroadcastState {
  LIVE,
  RESUMING,
  ENDED;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static BroadcastState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
