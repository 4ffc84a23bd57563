package manycast.media.relay;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which relay, or test, is at a destination now. A new broadcast waits until the relay of the one
 * before has left. Safe from any thread: broadcasts of one stream may be on different loops.
 */
final class Occupancy {
  private final Map<UUID, Occupant> places = new ConcurrentHashMap<>();

  /**
   * Whether the place was free, or is the relay's already; it is now. Whoever is there otherwise
   * learns that somebody waits.
   */
  boolean enter(UUID destinationId, Occupant relay) {
    Occupant there = places.putIfAbsent(destinationId, relay);
    if (there == null || there == relay) {
      return true;
    }
    there.makeWay();
    return false;
  }

  /** Likewise, but whoever is there is left in peace. */
  boolean enterIfFree(UUID destinationId, Occupant guest) {
    return places.putIfAbsent(destinationId, guest) == null;
  }

  void leave(UUID destinationId, Occupant relay) {
    places.remove(destinationId, relay);
  }
}
