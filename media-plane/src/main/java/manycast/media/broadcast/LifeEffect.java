package manycast.media.broadcast;

/** What a broadcast's life wants done, in order. */
sealed interface LifeEffect {
  /** The one that asked publishes from now on. */
  record Admit(long publisher) implements LifeEffect {}

  /** The one that asked may not: another one publishes. */
  record TurnAway(long publisher) implements LifeEffect {}

  /** This broadcast is over: the one that asked may begin another. */
  record SendOn(long publisher) implements LifeEffect {}

  /** Closes a publisher's connection. */
  record Disconnect(long publisher) implements LifeEffect {}

  /** It waits for its encoder from now on. */
  record Interrupt(long resumeUntilMs) implements LifeEffect {}

  /** It waits, and until another time than was said. */
  record Extend(long resumeUntilMs) implements LifeEffect {}

  /** Its encoder is back. */
  record Resume() implements LifeEffect {}

  /** It has ended. */
  record Ended(EndReason reason) implements LifeEffect {}
}
