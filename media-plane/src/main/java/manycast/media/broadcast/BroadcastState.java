package manycast.media.broadcast;

import java.util.Locale;

/** What a broadcast is doing; the same words as in the database. */
public enum BroadcastState {
  LIVE,
  /** Its encoder is lost and the grace runs. */
  RESUMING,
  ENDED;

  /** The word in database, API and events. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
