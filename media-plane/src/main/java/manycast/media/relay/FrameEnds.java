package manycast.media.relay;

/**
 * Where on a connection the frames end that it has not sent yet: numbers of bytes, growing. Their
 * count is bounded by what a channel takes, so it is empty after most turns.
 */
final class FrameEnds {
  private long[] ring = new long[16];
  private int first;
  private int count;

  /** The next frame ends there. */
  void add(long end) {
    if (count == ring.length) {
      long[] larger = new long[count * 2];
      for (int i = 0; i < count; i++) {
        larger[i] = ring[(first + i) & (ring.length - 1)];
      }
      ring = larger;
      first = 0;
    }
    ring[(first + count++) & (ring.length - 1)] = end;
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** Forgets the frames that end at or before this byte, and answers how many they were. */
  int removeUpTo(long end) {
    int removed = 0;
    while (count > 0 && ring[first] <= end) {
      first = (first + 1) & (ring.length - 1);
      count--;
      removed++;
    }
    return removed;
  }
}
