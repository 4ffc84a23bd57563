package manycast.media.relay;

import java.util.Locale;

/** The states of a relay; the same words in database, API and page. */
public enum RelayState {
  /** Enabled, and nothing to carry yet. */
  IDLE,
  CONNECTING,
  LIVE,
  /** It will be tried again by itself. */
  RETRYING,
  /** It will not be tried again unless somebody changes it or asks for it. */
  FAILED,
  /** Its work in this broadcast is over. */
  ENDED,
  DISABLED;

  /** The word in database, API and events. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
