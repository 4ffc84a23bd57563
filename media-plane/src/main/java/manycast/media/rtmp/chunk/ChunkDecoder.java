package manycast.media.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import manycast.media.bytes.Limits;
import manycast.media.bytes.MediaBytes;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Owned;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one direction of a connection together again (RTMP 1.0 §5.3).
 *
 * <p>A body is allocated once, at its declared and checked length, and filled as chunks arrive: one
 * copy out of the socket's buffer. Set Chunk Size and Abort are obeyed here and never seen outside.
 */
public final class ChunkDecoder implements AutoCloseable {
  private static final int SET_CHUNK_SIZE = 1;
  private static final int ABORT = 2;
  private static final int AUDIO = 8;
  private static final int VIDEO = 9;
  private static final int DATA = 18;
  private static final int AGGREGATE = 22;
  private static final int EXTENDED = 0xFF_FFFF;
  private static final int MAX_MESSAGE = 0xFF_FFFF;

  /** Basic header 3, message header 11, extended timestamp 4; and as much of what follows. */
  private static final int CARRY = 36;

  /** Messages smaller than this are bounded by their number, not by what the node holds. */
  private static final int UNCOUNTED_BELOW = 1024;

  private static final int MAX_RESTARTS = 2;

  private final ByteBufAllocator allocator;
  private final MediaBytes mediaBytes;
  private final Map<Integer, ChunkStream> chunkStreams = new HashMap<>();

  /** Bytes that ended inside a header: a few, kept until the rest of it is there. */
  private final ByteBuf carry = Unpooled.buffer(CARRY, CARRY);

  private Limits limits;
  private int chunkSize = ChunkEncoder.DEFAULT_CHUNK_SIZE;
  private int declaredBytes;
  private int partialMessages;
  private int restarts;

  /** The chunk stream whose chunk is being filled, null between chunks. */
  private @Nullable ChunkStream current;

  private int chunkRemaining;
  private long mediaBytesReceived;

  /**
   * A decoder at the start of a chunk stream.
   *
   * @param mediaBytes counts the declared lengths of unfinished messages; a finished message's
   *     count is given back as it is handed over, and whoever keeps it counts it anew
   */
  public ChunkDecoder(ByteBufAllocator allocator, Limits limits, MediaBytes mediaBytes) {
    this.allocator = allocator;
    this.limits = limits;
    this.mediaBytes = mediaBytes;
  }

  /** Sets other limits for all that follows; what is already declared keeps counting. */
  public void limits(Limits limits) {
    this.limits = limits;
  }

  /** Bytes of audio, video, data and aggregates so far, those of unfinished messages included. */
  public long mediaBytesReceived() {
    return mediaBytesReceived;
  }

  /**
   * Reads on until one message is whole or the input is used up.
   *
   * @param in lent; read from its reader index on
   * @return the next message, or null when there is none yet and everything was read
   * @throws ProtocolException the connection cannot be understood any more: close this decoder
   */
  public @Nullable @Owned RawMessage decode(ByteBuf in) throws ProtocolException {
    while (true) {
      if (carry.isReadable()) {
        int borrowed = Math.min(in.readableBytes(), CARRY - carry.readableBytes());
        carry.discardReadBytes().writeBytes(in, borrowed);
        int before = carry.readableBytes();
        RawMessage message = step(carry);
        boolean moved = carry.readableBytes() < before;
        if (carry.readableBytes() <= borrowed) {
          in.readerIndex(in.readerIndex() - carry.readableBytes());
          carry.clear();
        }
        if (message != null) {
          return message;
        }
        if (!moved) {
          carryRest(in);
          return null;
        }
      } else {
        if (!in.isReadable()) {
          return null;
        }
        int before = in.readableBytes();
        RawMessage message = step(in);
        if (message != null) {
          return message;
        }
        if (in.readableBytes() == before) {
          carryRest(in);
          return null;
        }
      }
    }
  }

  /** Releases what was half received. */
  @Override
  public void close() {
    for (ChunkStream stream : chunkStreams.values()) {
      dropPartial(stream);
    }
    chunkStreams.clear();
    current = null;
    carry.clear();
  }

  private void carryRest(ByteBuf in) {
    carry.discardReadBytes().writeBytes(in);
  }

  /** One header, or as much payload of the current chunk as there is. Moves nothing: needs more. */
  private @Nullable RawMessage step(ByteBuf in) throws ProtocolException {
    if (current == null) {
      readHeader(in);
      return current != null && chunkRemaining == 0 ? endOfChunk(current) : null;
    }
    ChunkStream stream = current;
    int slice = Math.min(chunkRemaining, in.readableBytes());
    bodyOf(stream).writeBytes(in, slice);
    chunkRemaining -= slice;
    if (isMedia(stream.type)) {
      mediaBytesReceived += slice;
    }
    return chunkRemaining == 0 ? endOfChunk(stream) : null;
  }

  private static boolean isMedia(int type) {
    return switch (type) {
      case AUDIO, VIDEO, DATA, AGGREGATE -> true;
      default -> false;
    };
  }

  private @Nullable RawMessage endOfChunk(ChunkStream stream) throws ProtocolException {
    current = null;
    ByteBuf body = bodyOf(stream);
    if (body.isWritable()) {
      return null;
    }
    stream.body = null;
    forget(body.capacity());
    RawMessage message =
        new RawMessage(stream.id, stream.timestamp, stream.type, stream.messageStreamId, body);
    if (stream.type != SET_CHUNK_SIZE && stream.type != ABORT) {
      return message;
    }
    try {
      obey(message);
    } finally {
      message.release();
    }
    return null;
  }

  private static ByteBuf bodyOf(ChunkStream stream) {
    ByteBuf body = stream.body;
    if (body == null) {
      throw new IllegalStateException("no message is being received on " + stream.id);
    }
    return body;
  }

  private void obey(RawMessage message) throws ProtocolException {
    if (message.body().readableBytes() < 4) {
      throw new ProtocolException(
          "control message of %d bytes: it takes 4 (RTMP 1.0 §5.4)"
              .formatted(message.body().readableBytes()));
    }
    int value = message.body().readInt();
    if (message.type() == ABORT) {
      ChunkStream aborted = chunkStreams.get(value);
      if (aborted != null) {
        dropPartial(aborted);
      }
      return;
    }
    if (value < 1) {
      throw new ProtocolException(
          "chunk size %d: 1 to 2147483647 (RTMP 1.0 §5.4.1)".formatted(value & 0xFFFF_FFFFL));
    }
    chunkSize = Math.min(value, MAX_MESSAGE);
  }

  /** Reads basic and message header if they are there whole, else leaves the input as it is. */
  private void readHeader(ByteBuf in) throws ProtocolException {
    int start = in.readerIndex();
    int available = in.readableBytes();
    int first = in.getUnsignedByte(start);
    int format = first >> 6;
    int basicSize = (first & 0x3F) == 0 ? 2 : (first & 0x3F) == 1 ? 3 : 1;
    int headerSize = basicSize + messageHeaderSize(format);
    if (available < headerSize) {
      return;
    }
    int chunkStreamId =
        switch (basicSize) {
          case 2 -> 64 + in.getUnsignedByte(start + 1);
          case 3 -> 64 + in.getUnsignedShortLE(start + 1);
          default -> first & 0x3F;
        };
    if (format == 3) {
      readType3(in, chunkStreamId, basicSize);
      return;
    }
    boolean extended = in.getUnsignedMedium(start + basicSize) == EXTENDED;
    if (extended && available < headerSize + 4) {
      return;
    }
    ChunkStream stream = chunkStream(chunkStreamId);
    long time =
        extended ? in.getUnsignedInt(start + headerSize) : in.getUnsignedMedium(start + basicSize);
    if (format < 2) {
      stream.length = in.getUnsignedMedium(start + basicSize + 3);
      stream.type = in.getUnsignedByte(start + basicSize + 6);
    }
    if (format == 0) {
      stream.messageStreamId = in.getIntLE(start + basicSize + 7);
    }
    stream.extended = extended;
    stream.extendedTime = time;
    in.skipBytes(headerSize + (extended ? 4 : 0));
    restart(stream);
    // §5.3.1.2.4: a type 3 chunk that opens a message behind type 0 adds that timestamp as a delta;
    // FFmpeg and FMLE produce it for equally spaced audio.
    stream.delta = time;
    stream.timestamp = format == 0 ? time : stream.timestamp + time & 0xFFFF_FFFFL;
    begin(stream);
  }

  private static int messageHeaderSize(int format) {
    return switch (format) {
      case 0 -> 11;
      case 1 -> 7;
      case 2 -> 3;
      default -> 0;
    };
  }

  private void readType3(ByteBuf in, int chunkStreamId, int basicSize) throws ProtocolException {
    ChunkStream stream = chunkStream(chunkStreamId);
    if (stream.body != null) {
      int extended = stream.extended ? repeatedTimeSize(in, basicSize, stream) : 0;
      if (extended < 0) {
        return;
      }
      in.skipBytes(basicSize + extended);
      fill(stream, stream.body);
      return;
    }
    int extended = stream.extended ? 4 : 0;
    if (in.readableBytes() < basicSize + extended) {
      return;
    }
    in.skipBytes(basicSize + extended);
    stream.timestamp = stream.timestamp + stream.delta & 0xFFFF_FFFFL;
    begin(stream);
  }

  /**
   * Is the extended time repeated here? The 2012 text wants it on every type 3 chunk, old librtmp
   * and embedded encoders leave it out. Repeated is what looks like it, also with the top bit lost.
   *
   * @return 4 or 0, or -1 when too few bytes are there to tell
   */
  private static int repeatedTimeSize(ByteBuf in, int basicSize, ChunkStream stream) {
    int start = in.readerIndex() + basicSize;
    int available = Math.min(4, in.readableBytes() - basicSize);
    for (int i = 0; i < available; i++) {
      int expected = (int) (stream.extendedTime >> (24 - 8 * i)) & 0xFF;
      int mask = i == 0 ? 0x7F : 0xFF;
      if ((in.getUnsignedByte(start + i) & mask) != (expected & mask)) {
        return 0;
      }
    }
    return available == 4 ? 4 : -1;
  }

  private ChunkStream chunkStream(int id) throws ProtocolException {
    ChunkStream known = chunkStreams.get(id);
    if (known != null) {
      return known;
    }
    if (chunkStreams.size() >= limits.chunkStreams()) {
      throw new ProtocolException(
          "chunkStreamId %d would be chunk stream %d of this connection: at most %d"
              .formatted(id, chunkStreams.size() + 1, limits.chunkStreams()));
    }
    ChunkStream stream = new ChunkStream(id);
    chunkStreams.put(id, stream);
    return stream;
  }

  /** A header inside a message is illegal; some senders do it when they drop what was half sent. */
  private void restart(ChunkStream stream) throws ProtocolException {
    if (stream.body == null) {
      return;
    }
    if (++restarts > MAX_RESTARTS) {
      throw new ProtocolException(
          "a new message begins inside another one on chunkStreamId %d, for the %d. time: at most %d"
              .formatted(stream.id, restarts, MAX_RESTARTS));
    }
    dropPartial(stream);
  }

  private void begin(ChunkStream stream) throws ProtocolException {
    int length = stream.length;
    if (length > limits.messageBytes()) {
      throw new ProtocolException(
          "message of %d bytes on chunkStreamId %d: at most %d"
              .formatted(length, stream.id, limits.messageBytes()));
    }
    if ((long) declaredBytes + length > limits.connectionBytes()) {
      throw new ProtocolException(
          "unfinished messages of %d bytes in all: at most %d"
              .formatted((long) declaredBytes + length, limits.connectionBytes()));
    }
    if (partialMessages >= limits.partialMessages()) {
      throw new ProtocolException(
          "%d messages half received at once: at most %d"
              .formatted(partialMessages + 1, limits.partialMessages()));
    }
    if (!mediaBytes.tryReserve(counted(length))) {
      throw new ProtocolException(
          "message of %d bytes: this node holds as many media bytes as it may".formatted(length));
    }
    declaredBytes += length;
    partialMessages++;
    ByteBuf body = length == 0 ? Unpooled.EMPTY_BUFFER : allocator.directBuffer(length, length);
    stream.body = body;
    fill(stream, body);
  }

  private void fill(ChunkStream stream, ByteBuf body) {
    current = stream;
    chunkRemaining = Math.min(chunkSize, body.writableBytes());
  }

  private void dropPartial(ChunkStream stream) {
    ByteBuf body = stream.body;
    if (body != null) {
      stream.body = null;
      forget(body.capacity());
      body.release();
    }
  }

  private void forget(int length) {
    declaredBytes -= length;
    partialMessages--;
    mediaBytes.release(counted(length));
  }

  /** Where the node is full, an encoder's goodbye must still come through. */
  private static int counted(int length) {
    return length < UNCOUNTED_BELOW ? 0 : length;
  }
}
