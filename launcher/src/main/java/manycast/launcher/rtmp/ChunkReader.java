package manycast.launcher.rtmp;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together from chunks, by the letter of RTMP 1.0 §5.3: what the letter does not
 * allow is refused, also where most readers are lenient. Applies Set Chunk Size and Abort itself.
 */
public final class ChunkReader {
  private static final int DEFAULT_CHUNK_SIZE = 128;
  private static final int EXTENDED = 0xFFFFFF;
  private static final int MOST_BYTES_IN_MESSAGE = 16 << 20;
  private static final int MOST_CHUNK_STREAMS = 64;
  private static final int CONTROL_CHUNK_STREAM = 2;

  private final DataInputStream in;
  private final CountingInputStream counted;
  private final Map<Integer, ChunkStream> chunkStreams = new HashMap<>();
  private int chunkSize = DEFAULT_CHUNK_SIZE;

  /** What a chunk stream's later headers leave out. */
  private static final class ChunkStream {
    private long timestamp;
    private long delta;
    private boolean extended;
    private long extendedValue;
    private int length;
    private int type;
    private int messageStreamId;
    private byte @Nullable [] body;
    private int filled;
  }

  /** Reads from after the handshake on. */
  public ChunkReader(InputStream in) {
    this.counted = new CountingInputStream(in);
    this.in = new DataInputStream(counted);
  }

  /** Bytes read so far. */
  public long bytesRead() {
    return counted.count();
  }

  /**
   * The next whole message.
   *
   * @throws EOFException at the end of the connection between two chunks, or inside one
   * @throws RtmpException when the peer departs from the specification
   */
  public Message next() throws IOException {
    while (true) {
      Message message = readChunk();
      if (message == null) {
        continue;
      }
      switch (message.type()) {
        case SET_CHUNK_SIZE -> setChunkSize(number(message));
        case ABORT -> abort(number(message));
        default -> {
          return message;
        }
      }
    }
  }

  private static int number(Message message) throws RtmpException {
    if (message.body().length != 4) {
      throw new RtmpException(
          "%s of %d bytes: it has 4 (§5.4)".formatted(message.type(), message.body().length));
    }
    return ByteBuffer.wrap(message.body()).getInt();
  }

  private void setChunkSize(int size) throws RtmpException {
    if (size < 1) {
      throw new RtmpException("chunk size %d: at least 1, top bit 0 (§5.4.1)".formatted(size));
    }
    chunkSize = size;
  }

  private void abort(int chunkStreamId) {
    ChunkStream stream = chunkStreams.get(chunkStreamId);
    if (stream != null) {
      stream.body = null;
    }
  }

  private @Nullable Message readChunk() throws IOException {
    int first = in.readUnsignedByte();
    int fmt = first >> 6;
    int chunkStreamId = readChunkStreamId(first & 0x3F);
    ChunkStream stream = chunkStreams.get(chunkStreamId);
    if (stream == null) {
      if (fmt != 0) {
        throw new RtmpException(
            "first chunk on chunk stream %d has fmt %d: it must be 0 (§5.3.1.2.1)"
                .formatted(chunkStreamId, fmt));
      }
      if (chunkStreams.size() == MOST_CHUNK_STREAMS) {
        throw new RtmpException("more than %d chunk streams".formatted(MOST_CHUNK_STREAMS));
      }
      stream = new ChunkStream();
      chunkStreams.put(chunkStreamId, stream);
    }
    readMessageHeader(fmt, chunkStreamId, stream);
    return readPayload(chunkStreamId, stream);
  }

  private int readChunkStreamId(int low) throws IOException {
    return switch (low) {
      case 0 -> 64 + in.readUnsignedByte();
      case 1 -> {
        int second = in.readUnsignedByte();
        yield 64 + second + 256 * in.readUnsignedByte();
      }
      default -> low;
    };
  }

  private void readMessageHeader(int fmt, int chunkStreamId, ChunkStream stream)
      throws IOException {
    boolean continues = stream.body != null;
    if (continues && fmt != 3) {
      throw new RtmpException(
          "fmt %d on chunk stream %d inside a message that lacks %d bytes: it must be 3 (§5.3.1.2.4)"
              .formatted(fmt, chunkStreamId, stream.length - stream.filled));
    }
    if (fmt == 3) {
      readRepeatedTimestamp(stream);
      if (!continues) {
        advance(stream, stream.delta);
      }
      return;
    }
    int time = readUnsigned24();
    if (fmt < 2) {
      stream.length = readUnsigned24();
      stream.type = in.readUnsignedByte();
    }
    if (fmt == 0) {
      stream.messageStreamId = Integer.reverseBytes(in.readInt());
    }
    stream.extended = time == EXTENDED;
    if (stream.extended) {
      stream.extendedValue = Integer.toUnsignedLong(in.readInt());
      if (stream.extendedValue < EXTENDED) {
        throw new RtmpException(
            "extended timestamp %d would fit into 24 bits (§5.3.1.3)"
                .formatted(stream.extendedValue));
      }
    }
    long value = stream.extended ? stream.extendedValue : time;
    stream.delta = value;
    if (fmt == 0) {
      stream.timestamp = value;
    } else {
      advance(stream, value);
    }
  }

  /** A fmt 3 chunk repeats the extended timestamp of the header that it leaves out (§5.3.1.3). */
  private void readRepeatedTimestamp(ChunkStream stream) throws IOException {
    if (stream.extended) {
      long repeated = Integer.toUnsignedLong(in.readInt());
      if (repeated != stream.extendedValue) {
        throw new RtmpException(
            "extended timestamp %d in a fmt 3 chunk: %d must be repeated (§5.3.1.3)"
                .formatted(repeated, stream.extendedValue));
      }
    }
  }

  private static void advance(ChunkStream stream, long delta) {
    stream.timestamp = (stream.timestamp + delta) & 0xFFFFFFFFL;
  }

  private int readUnsigned24() throws IOException {
    return in.readUnsignedShort() << 8 | in.readUnsignedByte();
  }

  private @Nullable Message readPayload(int chunkStreamId, ChunkStream stream) throws IOException {
    byte[] body = stream.body;
    if (body == null) {
      if (stream.length > MOST_BYTES_IN_MESSAGE) {
        throw new RtmpException(
            "message of %d bytes on chunk stream %d: at most %d"
                .formatted(stream.length, chunkStreamId, MOST_BYTES_IN_MESSAGE));
      }
      body = new byte[stream.length];
      stream.body = body;
      stream.filled = 0;
    }
    int now = Math.min(chunkSize, body.length - stream.filled);
    in.readFully(body, stream.filled, now);
    stream.filled += now;
    if (stream.filled < body.length) {
      return null;
    }
    stream.body = null;
    MessageType type = MessageType.of(stream.type);
    boolean onControlStream = chunkStreamId == CONTROL_CHUNK_STREAM && stream.messageStreamId == 0;
    if (type.isControl() && !onControlStream) {
      throw new RtmpException(
          "%s on chunk stream %d, message stream %d: 2 and 0 are its own (§5.4)"
              .formatted(type, chunkStreamId, stream.messageStreamId));
    }
    return new Message(chunkStreamId, stream.messageStreamId, type, stream.timestamp, body);
  }
}
