package manycast.media.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunk stream as RTMP 1.0 §5.3 has it and refuses all that is merely tolerated in
 * practice: a chunk stream that does not begin with type 0, an interrupted message, an extended
 * time that is not repeated, chunk streams from 32 on.
 */
public final class StrictChunkReader {
  private static final int EXTENDED = 0xFF_FFFF;

  private final DataInputStream in;
  private final Map<Integer, ChunkStream> chunkStreams = new HashMap<>();
  private int chunkSize = 128;
  private int messageHeadersOfType0;

  /** One whole message; the time is absolute. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Message(
      int chunkStreamId, int type, int messageStreamId, long timestamp, byte[] body) {}

  private static final class ChunkStream {
    private long timestamp;
    private long field;
    private int length;
    private int type;
    private int messageStreamId;
    private byte @Nullable [] body;
    private int filled;
  }

  public StrictChunkReader(DataInputStream in) {
    this.in = in;
  }

  /** How many messages began with a type 0 header. */
  public int fullHeaders() {
    return messageHeadersOfType0;
  }

  /** The next message; SetChunkSize is obeyed, and answered too. */
  public Message next() throws IOException {
    while (true) {
      Message message = readChunk();
      if (message == null) {
        continue;
      }
      if (message.type() == 1) {
        chunkSize =
            ((message.body()[0] & 0x7F) << 24)
                | (message.body()[1] & 255) << 16
                | (message.body()[2] & 255) << 8
                | (message.body()[3] & 255);
      }
      return message;
    }
  }

  private @Nullable Message readChunk() throws IOException {
    int first = in.readUnsignedByte();
    int format = first >> 6;
    int id = first & 63;
    if (id < 2) {
      throw new IOException("chunk stream id in the long form");
    }
    if (id >= 32) {
      throw new IOException("chunk stream " + id + ": nginx takes only those below 32");
    }
    ChunkStream stream = chunkStreams.get(id);
    if (stream == null) {
      if (format != 0) {
        throw new IOException("chunk stream " + id + " begins with type " + format);
      }
      stream = new ChunkStream();
      chunkStreams.put(id, stream);
    }
    byte[] body = stream.body;
    if (format == 3) {
      if (body == null) {
        throw new IOException("a type 3 chunk begins a message on chunk stream " + id);
      }
      if (stream.field == EXTENDED) {
        in.readInt();
      }
    } else {
      if (body != null) {
        throw new IOException("a message on chunk stream " + id + " is interrupted");
      }
      body = begin(stream, format);
    }
    int part = Math.min(chunkSize, body.length - stream.filled);
    in.readFully(body, stream.filled, part);
    stream.filled += part;
    if (stream.filled < body.length) {
      return null;
    }
    stream.body = null;
    return new Message(id, stream.type, stream.messageStreamId, stream.timestamp, body);
  }

  private byte[] begin(ChunkStream stream, int format) throws IOException {
    if (format == 2) {
      throw new IOException("a type 2 header, which some servers read wrongly");
    }
    stream.field = medium();
    stream.length = (int) medium();
    stream.type = in.readUnsignedByte();
    if (format == 0) {
      messageHeadersOfType0++;
      stream.messageStreamId = Integer.reverseBytes(in.readInt());
    }
    long time = stream.field == EXTENDED ? in.readInt() & 0xFFFF_FFFFL : stream.field;
    stream.timestamp = format == 0 ? time : (stream.timestamp + time) & 0xFFFF_FFFFL;
    byte[] body = new byte[stream.length];
    stream.body = body;
    stream.filled = 0;
    return body;
  }

  private long medium() throws IOException {
    return (long) in.readUnsignedByte() << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
  }
}
