package manycast.launcher.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts messages into chunks as OBS does: fmt 0 at the first message of a chunk stream and after a
 * step back, then fmt 1, or 2 where type and length stay. Never opens a message with fmt 3, which
 * readers disagree about.
 */
public final class ChunkWriter {
  private static final int DEFAULT_CHUNK_SIZE = 128;
  private static final int EXTENDED = 0xFFFFFF;

  private final OutputStream out;
  private final Map<Integer, Message> last = new HashMap<>();
  private int chunkSize = DEFAULT_CHUNK_SIZE;

  /** Writes from after the handshake on. */
  public ChunkWriter(OutputStream out) {
    this.out = out;
  }

  /** Announces a chunk size and uses it from then on. */
  public void announceChunkSize(int size) throws IOException {
    write(Message.control(MessageType.SET_CHUNK_SIZE, size));
    chunkSize = size;
  }

  /** Writes one message in one write. */
  public synchronized void write(Message message) throws IOException {
    if (message.chunkStreamId() < 2 || message.chunkStreamId() > 63) {
      throw new IllegalArgumentException("we use chunk streams of one byte only");
    }
    Message before = last.put(message.chunkStreamId(), message);
    int fmt = fmt(message, before);
    long time =
        fmt == 0 || before == null
            ? message.timestampMs()
            : message.timestampMs() - before.timestampMs();
    byte[] body = message.body();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 64);
    writeHeader(bytes, fmt, time, message);
    int at = Math.min(chunkSize, body.length);
    bytes.write(body, 0, at);
    while (at < body.length) {
      bytes.write(3 << 6 | message.chunkStreamId());
      if (time >= EXTENDED) {
        write32(bytes, time);
      }
      int n = Math.min(chunkSize, body.length - at);
      bytes.write(body, at, n);
      at += n;
    }
    out.write(bytes.toByteArray());
    out.flush();
  }

  private static int fmt(Message message, @Nullable Message before) {
    if (before == null
        || before.messageStreamId() != message.messageStreamId()
        || message.timestampMs() < before.timestampMs()) {
      return 0;
    }
    boolean same = before.type() == message.type() && before.body().length == message.body().length;
    return same ? 2 : 1;
  }

  private static void writeHeader(ByteArrayOutputStream to, int fmt, long time, Message message) {
    to.write(fmt << 6 | message.chunkStreamId());
    write24(to, (int) Math.min(time, EXTENDED));
    if (fmt < 2) {
      write24(to, message.body().length);
      to.write(message.type().id());
    }
    if (fmt == 0) {
      write32(to, Integer.toUnsignedLong(Integer.reverseBytes(message.messageStreamId())));
    }
    if (time >= EXTENDED) {
      write32(to, time);
    }
  }

  private static void write24(ByteArrayOutputStream to, int value) {
    to.write(value >> 16);
    to.write(value >> 8);
    to.write(value);
  }

  private static void write32(ByteArrayOutputStream to, long value) {
    to.write((int) (value >> 24));
    write24(to, (int) value);
  }
}
