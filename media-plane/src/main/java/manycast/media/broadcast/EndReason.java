package manycast.media.broadcast;

import java.util.Locale;

/** Why a broadcast ended here; but for one the same words as in the database. */
public enum EndReason {
  /** The encoder said goodbye. */
  ENCODER(Farewell.DRAIN),
  /** Somebody pressed stop. */
  STOPPED(Farewell.AT_ONCE),
  /** The encoder was lost and did not come back within the grace. */
  ENCODER_LOST(Farewell.DRAIN),
  /** Somebody else owns the broadcast now, or has ended it in our absence. */
  NODE_LOST(Farewell.SILENT),
  DISABLED(Farewell.AT_ONCE),
  DELETED(Farewell.AT_ONCE),
  /** The node is being stopped. */
  SHUTDOWN(Farewell.DRAIN),
  /** It goes on wherever its encoder comes to next: it has not ended, and the database says so. */
  HANDED_OVER(Farewell.DRAIN_SILENTLY);

  /** How relays leave their destinations. */
  public enum Farewell {
    /** Send what is in the log, for five seconds at most, then end the show there. */
    DRAIN,
    /** End the show there now. */
    AT_ONCE,
    /** Send what is in the log, then close without a word: the show goes on. */
    DRAIN_SILENTLY,
    /** Close without a word: the show there is not ours to end. */
    SILENT
  }

  private final Farewell farewell;

  EndReason(Farewell farewell) {
    this.farewell = farewell;
  }

  /** How relays leave their destinations. */
  public Farewell farewell() {
    return farewell;
  }

  /** The word in database, API and events. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
