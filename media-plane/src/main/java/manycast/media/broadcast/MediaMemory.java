package manycast.media.broadcast;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import manycast.media.bytes.MediaBytes;

/**
 * Counts all media bytes that the node holds against one bound: logs, wire images and messages
 * being received, and for each entry of a log what its objects take. Safe from any thread.
 *
 * <p>Messages being received are refused beyond the bound; logs are counted always and give way by
 * themselves: they learn from {@link #isScarce} that lagging cursors have to skip, and from {@link
 * #isFull} that those which hold more than their share lose their front.
 */
public final class MediaMemory implements MediaBytes {
  // Above the last of them is what messages of several encoders may grow by before their logs give
  // way.
  private static final double ROOMY = 0.65;
  private static final double SCARCE = 0.75;
  private static final double FULL = 0.85;

  private final long bound;
  private final AtomicLong held = new AtomicLong();
  private final AtomicInteger logs = new AtomicInteger();

  /** A counter with this bound, in bytes. */
  public MediaMemory(long bound) {
    this.bound = bound;
  }

  @Override
  public boolean tryReserve(int bytes) {
    if (held.addAndGet(bytes) > bound) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  @Override
  public void release(int bytes) {
    held.addAndGet(-bytes);
  }

  /** Counts bytes that are held already. */
  void add(int bytes) {
    held.addAndGet(bytes);
  }

  void logOpened() {
    logs.incrementAndGet();
  }

  void logClosed() {
    logs.decrementAndGet();
  }

  /** What one log may hold, in bytes, when memory is full. */
  long shareOfOneLog() {
    return (long) (bound * SCARCE) / Math.max(1, logs.get());
  }

  /** Whether so many bytes more would leave memory far from scarce. */
  public boolean hasRoomFor(long bytes) {
    return bytes == 0 || held.get() + bytes <= bound * ROOMY;
  }

  /** Bytes held now. */
  public long held() {
    return held.get();
  }

  /** The bound, in bytes. */
  public long bound() {
    return bound;
  }

  /** So near the bound that cursors which lag have to skip. */
  public boolean isScarce() {
    return held.get() > bound * SCARCE;
  }

  /** So near the bound that no new publisher is taken. */
  public boolean isFull() {
    return held.get() > bound * FULL;
  }
}
