package manycast.system.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes chunks apart as they arrive (RTMP 1.0 §5.3), split anywhere. What alters the reading, a
 * chunk size or an abort, it applies itself. A message is lent to the listener while it is told.
 */
final class ChunkReader {
  private static final int[] MESSAGE_HEADER = {11, 7, 3, 0};
  private static final int LONGEST_HEADER = 18;
  private static final int MOST_BYTES = 16 << 20;
  private static final int EXTENDED = 0xFFFFFF;
  private static final int SET_CHUNK_SIZE = 1;
  private static final int ABORT = 2;

  private final boolean checked;
  private final Listener listener;
  private final Map<Integer, ChunkStream> streams = new HashMap<>();
  private final ChunkStream[] low = new ChunkStream[64];
  private final ByteBuffer partial = ByteBuffer.allocate(LONGEST_HEADER);
  private ChunkStream current = new ChunkStream();
  private int chunkSize = 128;
  private int left;
  private long bytes;

  /** Whoever messages are for. */
  interface Listener {
    /** A whole audio or video message. */
    void onMedia(ChunkStream message) throws IOException;

    /** Any other message. */
    void onMessage(ChunkStream message) throws IOException;
  }

  /**
   * @param checked whether CRCs of media are computed
   */
  ChunkReader(boolean checked, Listener listener) {
    this.checked = checked;
    this.listener = listener;
  }

  /** All bytes read so far. */
  long bytes() {
    return bytes;
  }

  int chunkSize() {
    return chunkSize;
  }

  /**
   * Reads all that is in the buffer.
   *
   * @throws IOException when it is no chunk stream
   */
  void read(ByteBuffer in) throws IOException {
    bytes += in.remaining();
    while (in.hasRemaining()) {
      if (left > 0) {
        int count = Math.min(left, in.remaining());
        current.take(in, count, checked);
        left -= count;
        endOfMessage();
      } else if (readHeader(in) && current.length == 0) {
        endOfMessage();
      }
    }
  }

  private void endOfMessage() throws IOException {
    if (current.received < current.length) {
      return;
    }
    current.open = false;
    if (current.isMedia()) {
      listener.onMedia(current);
      return;
    }
    byte[] body = current.body();
    if (current.type == SET_CHUNK_SIZE && body.length == 4) {
      chunkSize = ByteBuffer.wrap(body).getInt();
      if (chunkSize < 1) {
        throw new IOException("a chunk size of " + chunkSize + " (§5.4.1)");
      }
    } else if (current.type == ABORT && body.length == 4) {
      stream(ByteBuffer.wrap(body).getInt()).open = false;
    }
    listener.onMessage(current);
  }

  /** True when the header is whole; what there is of one that is not is kept. */
  private boolean readHeader(ByteBuffer in) throws IOException {
    if (partial.position() == 0) {
      int length = header(in, in.position(), in.remaining());
      if (length > 0) {
        in.position(in.position() + length);
        return true;
      }
      partial.put(in);
      return false;
    }
    partial.put(in.get());
    if (header(partial, 0, partial.position()) == 0) {
      return false;
    }
    partial.clear();
    return true;
  }

  /** Reads a chunk's header; its length, or 0 when it is not all there. */
  private int header(ByteBuffer in, int from, int available) throws IOException {
    int format = (in.get(from) & 0xFF) >> 6;
    int id = in.get(from) & 0x3F;
    int at = from + (id == 0 ? 2 : id == 1 ? 3 : 1);
    int end = from + available;
    if (at + MESSAGE_HEADER[format] > end) {
      return 0;
    }
    if (id == 0) {
      id = 64 + (in.get(from + 1) & 0xFF);
    } else if (id == 1) {
      id = 64 + (in.get(from + 1) & 0xFF) + 256 * (in.get(from + 2) & 0xFF);
    }
    ChunkStream stream = stream(id);
    int field = format < 3 ? get24(in, at) : 0;
    boolean extended = format < 3 ? field == EXTENDED : stream.extended;
    int after = at + MESSAGE_HEADER[format];
    if (extended && after + 4 > end) {
      return 0;
    }
    long time = extended ? in.getInt(after) & 0xFFFFFFFFL : field;
    if (format < 3) {
      onTime(stream, format, time, extended);
    } else if (!stream.open) {
      stream.timeMs += stream.deltaMs;
    }
    if (format < 2) {
      stream.length = get24(in, at + 3);
      stream.type = in.get(at + 6);
    }
    if (format == 0) {
      stream.messageStreamId = Integer.reverseBytes(in.getInt(at + 7));
    }
    if (stream.length > MOST_BYTES) {
      throw new IOException("a message of %d bytes".formatted(stream.length));
    }
    if (format < 3 || !stream.open) {
      stream.begin();
    }
    current = stream;
    left = Math.min(chunkSize, stream.length - stream.received);
    return after + (extended ? 4 : 0) - from;
  }

  private static void onTime(ChunkStream stream, int format, long time, boolean extended) {
    stream.extended = extended;
    stream.deltaMs = time;
    stream.timeMs = format == 0 ? time : stream.timeMs + time;
  }

  private static int get24(ByteBuffer in, int at) {
    return (in.get(at) & 0xFF) << 16 | (in.get(at + 1) & 0xFF) << 8 | in.get(at + 2) & 0xFF;
  }

  private ChunkStream stream(int id) {
    if (id >= low.length) {
      return streams.computeIfAbsent(id, key -> new ChunkStream());
    }
    ChunkStream stream = low[id];
    if (stream == null) {
      stream = new ChunkStream();
      low[id] = stream;
    }
    return stream;
  }
}
