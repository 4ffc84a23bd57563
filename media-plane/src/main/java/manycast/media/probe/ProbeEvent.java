package manycast.media.probe;

import manycast.db.failures.FailureReason;

/** What can happen in a connection test. */
sealed interface ProbeEvent {
  /** This step is done, and all before it. */
  record Reached(ProbeStep step) implements ProbeEvent {}

  /** The server said something that belongs to the step under way. */
  record Said(String words) implements ProbeEvent {}

  /**
   * It goes no further.
   *
   * @param words the server's own, where there are some; may be empty
   */
  record Failed(FailureReason reason, String words) implements ProbeEvent {}

  /** Whoever needs the destination more has come, or the time is over for all steps together. */
  record GivenUp(String why) implements ProbeEvent {}
}
