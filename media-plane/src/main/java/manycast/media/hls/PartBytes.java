package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import manycast.media.bytes.MediaBytes;
import manycast.media.frame.Owned;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one part: its head, and the payloads as they lie in the log, none of them copied. It
 * counts as held by the node until the last one who sends it has let go, however slow a viewer is.
 */
final class PartBytes extends CompositeByteBuf {
  /** What holds one piece: its component, and the count's own object. */
  private static final int OVERHEAD_BYTES = 96;

  private final MediaBytes memory;
  private final int counted;

  private PartBytes(List<ByteBuf> pieces, MediaBytes memory, int counted) {
    super(UnpooledByteBufAllocator.DEFAULT, false, Math.max(16, pieces.size()));
    this.memory = memory;
    this.counted = counted;
    for (ByteBuf piece : pieces) {
      addComponent(true, piece);
    }
  }

  /** These pieces as one, or null, with the pieces released, where the node has no room. */
  static @Owned @Nullable PartBytes of(@Owned List<ByteBuf> pieces, MediaBytes memory) {
    int bytes = 0;
    for (ByteBuf piece : pieces) {
      bytes += piece.readableBytes() + OVERHEAD_BYTES;
    }
    if (!memory.tryReserve(bytes)) {
      pieces.forEach(ByteBuf::release);
      return null;
    }
    return new PartBytes(pieces, memory, bytes);
  }

  @Override
  protected void deallocate() {
    super.deallocate();
    memory.release(counted);
  }
}
