package manycast.media.broadcast;

/** Whoever reads through a cursor. Called on the loop of the broadcast. */
@FunctionalInterface
public interface CursorReader {
  /**
   * There may be frames to read: take what your channel accepts. Must not throw for what its peer
   * does.
   */
  void offered(long nowMs);

  /** The cursor goes on from another place, and has yielded nothing since. Must not throw. */
  default void jumped() {}
}
