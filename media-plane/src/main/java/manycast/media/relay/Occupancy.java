package manycast.media.relay;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which relay is at a destination now. A new broadcast waits until the relay of the one before has
 * left. Safe from any thread: broadcasts of one stream may be on different loops.
 */
final class Occupancy {
  private final Map<UUID, Relay> places = new ConcurrentHashMap<>();

  /**
   * Whether the place was free, or is the relay's already; it is now. Whoever is there otherwise
   * learns that somebody waits.
   */
  boolean enter(UUID destinationId, Relay relay) {
    Relay there = places.putIfAbsent(destinationId, relay);
    if (there == null || there == relay) {
      return true;
    }
    there.makeWay();
    return false;
  }

  void leave(UUID destinationId, Relay relay) {
    places.remove(destinationId, relay);
  }
}
