package manycast.media.relay;

/** What a relay's machine wants done. */
enum RelayEffect {
  /** Resolve, connect and publish. */
  CONNECT,
  /** Close the connection, or the attempt, without a word. */
  DROP,
  /** End the show at the destination, then close. */
  SAY_GOODBYE,
  /** Let go of the log. */
  LET_GO,
  /** The state changed: tell everybody. */
  REPORT
}
