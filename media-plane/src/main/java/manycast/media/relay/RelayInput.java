package manycast.media.relay;

import manycast.db.failures.FailureReason;

/** What happens to a relay. */
sealed interface RelayInput {
  /** There is a start point in the log. */
  record MediaReady() implements RelayInput {}

  /** The destination accepted publish. */
  record Published() implements RelayInput {}

  /**
   * The attempt, or the connection that it made, is over.
   *
   * @param words what the destination itself said; may be empty
   */
  record Failed(FailureReason reason, Verdict verdict, String words) implements RelayInput {}

  /** Something in the relay's own code went wrong. */
  record Fault() implements RelayInput {}

  /** There is nothing to send yet: its first frame is not due before its delay has passed. */
  record Wait() implements RelayInput {}

  /** The broadcast has lost its encoder: nothing comes until it is back. */
  record Interrupted() implements RelayInput {}

  /** The encoder is back; media follows. */
  record Resumed() implements RelayInput {}

  /** Time passed. */
  record Tick() implements RelayInput {}

  /** Its configuration changed, or somebody wants it tried now. */
  record Restart() implements RelayInput {}

  record Enable() implements RelayInput {}

  record Disable() implements RelayInput {}

  /** The destination was deleted. */
  record Remove() implements RelayInput {}

  /**
   * The broadcast ended and what is in the log is still to be sent.
   *
   * @param more whether frames become due only later, so that it is worth connecting for them
   */
  record Drain(boolean more) implements RelayInput {}

  /** The broadcast ended, or everything is drained: end the show there now. */
  record Stop() implements RelayInput {}

  /** The broadcast is somebody else's. */
  record Abandon() implements RelayInput {}

  /** How bad a failure is. */
  enum Verdict {
    /** May be over by the next attempt. */
    PASSING,
    /** The destination asks us to connect anew, perhaps at another of its servers. */
    MOVED,
    /** The destination said no; trying again with the same settings is no use. */
    FINAL,
    /**
     * The key was refused, which it also is while our own last connection is still remembered
     * there.
     */
    KEY_IN_DOUBT,
    /** Closed without a word soon after publish. */
    CLOSED_EARLY
  }
}
