package manycast.media.relay;

/** Who sends to a destination now, or tests it: there is one at a time. */
public interface Occupant {
  /** Another one waits for the place; from any thread. */
  void makeWay();
}
