package manycast.media.hls;

import java.util.concurrent.atomic.AtomicLong;
import manycast.media.bytes.MediaBytes;

/**
 * What the preview of one broadcast may hold of the node's memory, what slow viewers are still
 * being sent included. Safe from any thread.
 */
final class PreviewShare implements MediaBytes {
  static final long BOUND = 24L << 20;

  private final MediaBytes node;
  private final AtomicLong held = new AtomicLong();

  PreviewShare(MediaBytes node) {
    this.node = node;
  }

  @Override
  public boolean tryReserve(int bytes) {
    if (held.addAndGet(bytes) > BOUND || !node.tryReserve(bytes)) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  @Override
  public void release(int bytes) {
    held.addAndGet(-bytes);
    node.release(bytes);
  }

  /** Bytes held now. */
  long held() {
    return held.get();
  }
}
