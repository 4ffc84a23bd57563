package manycast.system.bench.load;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A message that arrives on one chunk stream. Of media only what checks need is kept: its CRC, the
 * first bytes and the last ones, where a stamp may stand; of other messages the whole body.
 */
final class ChunkStream {
  /** How many first bytes are kept. */
  static final int HEAD = 8;

  /** How many last bytes of a picture are kept out of the running CRC. */
  static final int TAIL = Stamp.SIZE;

  long timeMs;
  long deltaMs;
  int length;
  int type;
  int messageStreamId;
  boolean extended;
  boolean open;
  int received;
  final byte[] head = new byte[HEAD];
  final byte[] tail = new byte[TAIL];
  private int tailLength;
  private final CRC32C crc = new CRC32C();
  private byte[] body = new byte[0];

  void begin() {
    open = true;
    received = 0;
    tailLength = 0;
    crc.reset();
    if (!isMedia()) {
      body = new byte[length];
    }
  }

  boolean isMedia() {
    return type == Tag.AUDIO || type == Tag.VIDEO;
  }

  /** Takes the next {@code count} bytes of the message. */
  void take(ByteBuffer in, int count, boolean checked) {
    if (!isMedia()) {
      in.get(body, received, count);
    } else {
      int limit = in.limit();
      in.limit(in.position() + count);
      takeMedia(in, checked);
      in.limit(limit);
    }
    received += count;
  }

  private void takeMedia(ByteBuffer in, boolean checked) {
    int at = received;
    for (int i = 0; at + i < HEAD && i < in.remaining(); i++) {
      head[at + i] = in.get(in.position() + i);
    }
    int bodyEnd = length - tailSize();
    if (at < bodyEnd) {
      int count = Math.min(bodyEnd - at, in.remaining());
      int skip = type == Tag.VIDEO ? Math.clamp(Tag.VIDEO_HEAD - at, 0, count) : 0;
      int limit = in.limit();
      int end = in.position() + count;
      if (checked) {
        in.position(in.position() + skip).limit(end);
        crc.update(in);
      }
      in.limit(limit).position(end);
    }
    int rest = in.remaining();
    in.get(tail, tailLength, rest);
    tailLength += rest;
  }

  private int tailSize() {
    return type == Tag.VIDEO && length >= TAIL + Tag.VIDEO_HEAD ? TAIL : 0;
  }

  /** The stamp that ends the picture; null where there is none. */
  @Nullable Stamp stamp() {
    return tailLength == TAIL ? Stamp.read(tail, TAIL) : null;
  }

  /** The CRC as {@link Tag#crc} counts it, of the message less {@code stampSize} last bytes. */
  int crc(int stampSize) {
    crc.update(tail, 0, Math.max(0, tailLength - stampSize));
    return (int) crc.getValue();
  }

  /** The whole body of what is no media. */
  byte[] body() {
    return body;
  }
}
