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

  /** Of the word in the database; throws {@code IllegalArgumentException} for another one. */
  public static BroadcastState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
