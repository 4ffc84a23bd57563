package manycast.media.broadcast;

/** Hears of broadcasts, each time on the loop of the broadcast. */
public interface BroadcastListener {
  /** A broadcast begins; no frame is in its log yet. */
  void opened(Broadcast broadcast);

  /**
   * It has ended: no further frame comes. Its log stays readable until every {@link Broadcast#hold}
   * is released.
   */
  void ended(Broadcast broadcast, EndReason reason);
}
