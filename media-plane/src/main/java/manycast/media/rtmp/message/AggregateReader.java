package manycast.media.rtmp.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Owned;
import manycast.media.rtmp.chunk.RawMessage;
import org.jspecify.annotations.Nullable;

/**
 * Takes an aggregate message apart (RTMP 1.0 §7.1.6): its body is a run of FLV tags, whose times
 * are moved by what the aggregate's own time differs from the first one's.
 */
public final class AggregateReader {
  private static final int TAG_HEADER = 11;
  private static final int BACK_POINTER = 4;

  private final RawMessage aggregate;
  private final ByteBufAllocator allocator;
  private boolean begun;
  private long offset;

  /** A reader over this message, which is lent for the reader's life. */
  public AggregateReader(RawMessage aggregate, ByteBufAllocator allocator) {
    this.aggregate = aggregate;
    this.allocator = allocator;
  }

  /**
   * The next inner message, copied so that it does not hold the others, or null at the end.
   *
   * @throws ProtocolException when the body ends inside a tag
   */
  public @Nullable @Owned RawMessage next() throws ProtocolException {
    ByteBuf in = aggregate.body();
    if (!in.isReadable()) {
      return null;
    }
    if (in.readableBytes() < TAG_HEADER) {
      throw new ProtocolException("aggregate ends inside a tag's header (RTMP 1.0 §7.1.6)");
    }
    int type = in.readUnsignedByte();
    int size = in.readUnsignedMedium();
    long time = in.readUnsignedMedium() | (long) in.readUnsignedByte() << 24;
    in.skipBytes(3);
    if (in.readableBytes() < size) {
      throw new ProtocolException(
          "tag of %d bytes in an aggregate with %d left (RTMP 1.0 §7.1.6)"
              .formatted(size, in.readableBytes()));
    }
    if (!begun) {
      begun = true;
      offset = aggregate.timestamp() - time;
    }
    ByteBuf body = allocator.directBuffer(size, Math.max(1, size)).writeBytes(in, size);
    in.skipBytes(Math.min(BACK_POINTER, in.readableBytes()));
    return new RawMessage(
        aggregate.chunkStreamId(),
        time + offset & 0xFFFF_FFFFL,
        type,
        aggregate.messageStreamId(),
        body);
  }
}
