package manycast.media.bytes;

/**
 * The node's own count of all media bytes it holds, with one bound for all of them. Safe from any
 * thread.
 */
public interface MediaBytes {
  /** A counter that never refuses: for tests and for connections that hold no media. */
  MediaBytes UNBOUNDED =
      new MediaBytes() {
        @Override
        public boolean tryReserve(int bytes) {
          return true;
        }

        @Override
        public void release(int bytes) {}
      };

  /** Counts these bytes and answers true, or counts nothing and answers false when it is full. */
  boolean tryReserve(int bytes);

  /** Gives back bytes that were reserved. */
  void release(int bytes);
}
