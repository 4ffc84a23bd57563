package manycast.media.broadcast;

/**
 * One encoder's wish to publish into a broadcast, and what becomes of it. It is answered once, on
 * the broadcast's loop.
 */
public interface Publisher {
  /** It publishes from now on; its media goes on where the broadcast stands. */
  void admitted(Broadcast broadcast);

  /** Another encoder publishes. */
  void turnedAway();

  /** The broadcast it asked is over; it may begin another. */
  void sentOn();

  /** After it was admitted: the broadcast leaves this node, and its connection should too. */
  void askToMove();

  /** After it was admitted: its connection is to be closed. */
  void disconnect();
}
