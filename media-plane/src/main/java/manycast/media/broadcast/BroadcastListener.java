package manycast.media.broadcast;

/** Hears of broadcasts, each time on the loop of the broadcast. */
public interface BroadcastListener {
  /** A broadcast begins; no frame is in its log yet. */
  void opened(Broadcast broadcast);

  /** Its encoder is lost: no frame comes until it is back. */
  default void interrupted(Broadcast broadcast) {}

  /** Its lost encoder is waited for until another time. */
  default void extended(Broadcast broadcast) {}

  /** Its encoder is back, or another one is: frames come again, from a start point on. */
  default void resumed(Broadcast broadcast) {}

  /**
   * It has ended: no further frame comes. Its log stays readable until every {@link Broadcast#hold}
   * is released.
   */
  void ended(Broadcast broadcast, EndReason reason);

  /** After the end: nothing works for it any more. */
  default void gone(Broadcast broadcast) {}
}
