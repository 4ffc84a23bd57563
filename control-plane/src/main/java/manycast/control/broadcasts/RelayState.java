package manycast.control.broadcasts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What a destination, or its relay, is doing; the words are those of the database, the API and the
 * pages.
 */
public enum RelayState {
  IDLE,
  DISABLED,
  CONNECTING,
  LIVE,
  RETRYING,
  FAILED,
  ENDED;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Of the word in the database or in a node's answer; throws {@code IllegalArgumentException} for
   * another one.
   */
  public static RelayState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Whether the relay still has a connection or wants one. */
  public boolean atWork() {
    return this == CONNECTING || this == LIVE || this == RETRYING;
  }
}
