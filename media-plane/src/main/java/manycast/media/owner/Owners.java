package manycast.media.owner;

/** Asks nodes that own broadcasts. Blocks, for a second or two at most; safe from any thread. */
public interface Owners {
  /** Asks for the publisher of this stream. */
  OwnerAnswer publisher(Owner owner);

  /** Asks it to let go of the broadcast; answers whether it does. */
  boolean release(Owner owner);
}
