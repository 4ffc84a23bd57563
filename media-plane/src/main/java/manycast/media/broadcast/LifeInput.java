package manycast.media.broadcast;

/** What happens to a broadcast's life; publishers are told apart by numbers. */
sealed interface LifeInput {
  /** An encoder with a key of the stream stands before it and asks to publish. */
  record Asked(long publisher) implements LifeInput {}

  /** One that asked is gone before it was answered. */
  record Withdrawn(long publisher) implements LifeInput {}

  /** Media came from the publisher while others wait; {@link BroadcastLife#media} says when. */
  record MediaWhileHeld() implements LifeInput {}

  /** A publisher's connection, or its publish, is over. */
  record Left(long publisher, boolean saidGoodbye) implements LifeInput {}

  /** How long the encoder is to be waited for. */
  record Grace(long ms) implements LifeInput {}

  /** It is to end now. */
  record End(EndReason reason) implements LifeInput {}

  /** Time passed. */
  record Tick() implements LifeInput {}
}
