package manycast.media.bytes;

/** A counter with a bound that remembers its highest value. */
public final class CountingBytes implements MediaBytes {
  private final long bound;
  private long held;
  private long highest;

  /** A counter that refuses to hold more. */
  public CountingBytes(long bound) {
    this.bound = bound;
  }

  @Override
  public boolean tryReserve(int bytes) {
    if (held + bytes > bound) {
      return false;
    }
    held += bytes;
    highest = Math.max(highest, held);
    return true;
  }

  @Override
  public void release(int bytes) {
    held -= bytes;
  }

  /** What is held now. */
  public long held() {
    return held;
  }

  /** The most that was ever held. */
  public long highest() {
    return highest;
  }
}
