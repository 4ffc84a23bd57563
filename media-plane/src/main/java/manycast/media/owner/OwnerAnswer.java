package manycast.media.owner;

/** What came of asking the owner for its publisher. */
public sealed interface OwnerAnswer {
  /**
   * The node has a broadcast of this stream.
   *
   * @param silentMs how long its encoder has sent no media
   */
  record Publisher(long epoch, long silentMs) implements OwnerAnswer {}

  /** The node lives and tells of no publisher: it has none of this stream, or cannot say now. */
  record NoWord() implements OwnerAnswer {}

  /** Nobody is at its address, or a node with another id: the node itself is gone. */
  record Gone() implements OwnerAnswer {}

  /** There was no answer in time, or no way there: what answers names no node at all. */
  record Unreachable() implements OwnerAnswer {}
}
