package manycast.media.hls.cmaf;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes boxes into one buffer, which is lent: each box gets its length when its content stands.
 */
final class BoxWriter {
  private final ByteBuf out;

  BoxWriter(ByteBuf out) {
    this.out = out;
  }

  /** A box around what {@code content} writes (ISO 14496-12 §4.2). */
  BoxWriter box(String type, Runnable content) {
    int start = out.writerIndex();
    out.writeInt(0);
    out.writeCharSequence(type, StandardCharsets.US_ASCII);
    content.run();
    out.setInt(start, out.writerIndex() - start);
    return this;
  }

  /** The same with a version and flags before the content. */
  BoxWriter fullBox(String type, int version, int flags, Runnable content) {
    return box(
        type,
        () -> {
          out.writeInt(version << 24 | flags);
          content.run();
        });
  }

  BoxWriter u8(int value) {
    out.writeByte(value);
    return this;
  }

  BoxWriter u16(int value) {
    out.writeShort(value);
    return this;
  }

  BoxWriter u32(int value) {
    out.writeInt(value);
    return this;
  }

  BoxWriter u64(long value) {
    out.writeLong(value);
    return this;
  }

  BoxWriter zeros(int bytes) {
    out.writeZero(bytes);
    return this;
  }

  BoxWriter bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  BoxWriter text(String text) {
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
    return this;
  }
}
