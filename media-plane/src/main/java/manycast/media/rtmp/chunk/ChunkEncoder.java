package manycast.media.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import manycast.media.frame.Owned;

/**
 * Writes whole messages as chunks into one contiguous buffer of exactly the size needed. Stateless:
 * whoever calls it keeps the chunk size and the last timestamps.
 */
public final class ChunkEncoder {
  /** What a connection starts with in both directions (RTMP 1.0 §5.4.1). */
  public static final int DEFAULT_CHUNK_SIZE = 128;

  private static final int EXTENDED = 0xFF_FFFF;

  private ChunkEncoder() {}

  /** Encodes a message whose body is one buffer, which is lent: indices stay as they are. */
  public static @Owned ByteBuf encode(
      ByteBufAllocator allocator, ChunkHeader header, int chunkSize, ByteBuf body) {
    return encode(allocator, header, chunkSize, Unpooled.EMPTY_BUFFER, body);
  }

  /**
   * Encodes a message whose body lies in two buffers, such as a tag header and an access unit; both
   * are lent and their indices stay as they are.
   */
  public static @Owned ByteBuf encode(
      ByteBufAllocator allocator,
      ChunkHeader header,
      int chunkSize,
      ByteBuf bodyStart,
      ByteBuf bodyRest) {
    int length = bodyStart.readableBytes() + bodyRest.readableBytes();
    int size = encodedSize(header, chunkSize, length);
    ByteBuf out = allocator.directBuffer(size, size);
    writeHeader(out, header, length);
    int room = writeBody(out, header, chunkSize, chunkSize, bodyStart);
    writeBody(out, header, chunkSize, room, bodyRest);
    return out;
  }

  /** The bytes on the wire of a message with a body of this length. */
  public static int encodedSize(ChunkHeader header, int chunkSize, int bodyLength) {
    int continuations = bodyLength == 0 ? 0 : (bodyLength - 1) / chunkSize;
    int extended = header.time() >= EXTENDED ? 4 : 0;
    int basic = basicHeaderSize(header.chunkStreamId());
    int first = basic + (header instanceof ChunkHeader.Full ? 11 : 7) + extended;
    return first + bodyLength + continuations * (basic + extended);
  }

  private static int basicHeaderSize(int chunkStreamId) {
    return chunkStreamId < 64 ? 1 : chunkStreamId < 320 ? 2 : 3;
  }

  private static void writeHeader(ByteBuf out, ChunkHeader header, int length) {
    if (length > 0xFF_FFFF) {
      throw new IllegalArgumentException(
          "message of " + length + " bytes: the header's length field holds 24 bits");
    }
    int time24 = (int) Math.min(header.time(), EXTENDED);
    switch (header) {
      case ChunkHeader.Full full -> {
        writeBasicHeader(out, 0, full.chunkStreamId());
        out.writeMedium(time24).writeMedium(length).writeByte(full.type());
        out.writeIntLE(full.messageStreamId());
      }
      case ChunkHeader.Delta delta -> {
        writeBasicHeader(out, 1, delta.chunkStreamId());
        out.writeMedium(time24).writeMedium(length).writeByte(delta.type());
      }
    }
    if (time24 == EXTENDED) {
      out.writeInt((int) header.time());
    }
  }

  /** Writes a part of the body and answers how much room the last chunk has left. */
  private static int writeBody(
      ByteBuf out, ChunkHeader header, int chunkSize, int firstRoom, ByteBuf body) {
    int room = firstRoom;
    int index = body.readerIndex();
    while (index < body.writerIndex()) {
      if (room == 0) {
        writeContinuation(out, header);
        room = chunkSize;
      }
      int slice = Math.min(room, body.writerIndex() - index);
      out.writeBytes(body, index, slice);
      index += slice;
      room -= slice;
    }
    return room;
  }

  /** The extended time is repeated: FFmpeg and the 2012 text of §5.3.1.3 require it. */
  private static void writeContinuation(ByteBuf out, ChunkHeader header) {
    writeBasicHeader(out, 3, header.chunkStreamId());
    if (header.time() >= EXTENDED) {
      out.writeInt((int) header.time());
    }
  }

  private static void writeBasicHeader(ByteBuf out, int format, int chunkStreamId) {
    if (chunkStreamId < 64) {
      out.writeByte(format << 6 | chunkStreamId);
    } else if (chunkStreamId < 320) {
      out.writeByte(format << 6).writeByte(chunkStreamId - 64);
    } else {
      out.writeByte(format << 6 | 1).writeShortLE(chunkStreamId - 64);
    }
  }
}
