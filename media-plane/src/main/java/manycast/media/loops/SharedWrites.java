package manycast.media.loops;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes the same bytes to many straight sockets. To be used on the loop that they belong to. */
public interface SharedWrites {
  /** One call of the kernel for each socket. */
  SharedWrites ONE_BY_ONE = SharedWrites::oneByOne;

  /** Hears of the sockets that did not take everything; it must not write by the same writes. */
  interface Shortfall {
    /** This one took so many bytes; 0 where it is full or closed. */
    void took(int index, long bytes);

    /** The connection of this one is broken. */
    void broke(int index, Exception fault);
  }

  /** What is written: lent, and the same until the call returns. */
  interface Pieces {
    /** The first {@link #count} are written. */
    @Nullable ByteBuf[] images();

    int count();

    /** Of all of them. */
    int bytes();

    /** Another number for each content that {@link #images} has. */
    int filled();
  }

  /**
   * Writes to each of the first {@code size} sockets, which are clear, what it takes.
   *
   * @param shortfall told before this returns
   */
  void write(@Nullable StraightSocket[] sockets, int size, Pieces pieces, Shortfall shortfall);

  private static void oneByOne(
      @Nullable StraightSocket[] sockets, int size, Pieces pieces, Shortfall shortfall) {
    for (int i = 0; i < size; i++) {
      StraightSocket socket = sockets[i];
      if (socket == null) {
        throw new IllegalArgumentException("there is no socket " + i + " of " + size);
      }
      try {
        long written = socket.write(pieces.images(), pieces.count(), pieces.filled());
        if (written != pieces.bytes()) {
          shortfall.took(i, written);
        }
      } catch (IOException | RuntimeException e) {
        shortfall.broke(i, e);
      }
    }
  }
}
