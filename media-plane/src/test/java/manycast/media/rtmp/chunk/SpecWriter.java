package manycast.media.rtmp.chunk;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Writes chunks as the specification's text says, in every form that it allows: a second opinion,
 * made without our encoder.
 */
final class SpecWriter {
  private static final class Stream {
    long timestamp;
    long delta;
    int length;
    int type;
    int id;
    boolean used;
    byte[] body = {};
    int sent;
    long time;
  }

  private final RandomGenerator random;
  private final Map<Integer, Stream> streams = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int chunkSize = 128;

  SpecWriter(RandomGenerator random) {
    this.random = random;
  }

  byte[] written() {
    return out.toByteArray();
  }

  boolean isBusy(int chunkStreamId) {
    Stream stream = streams.get(chunkStreamId);
    return stream != null && stream.sent < stream.body.length;
  }

  void setChunkSize(int size) {
    basic(0, 2);
    number(0, 3);
    number(4, 3);
    number(1, 1);
    number(0, 4);
    number(size, 4);
    chunkSize = size;
  }

  /** Begins a message with its first chunk, in a random form that may carry it. */
  void begin(Decoded message) {
    Stream stream = streams.computeIfAbsent(message.chunkStreamId(), _ -> new Stream());
    byte[] body = HexFormat.of().parseHex(message.bodyHex());
    long delta = message.timestamp() - stream.timestamp & 0xFFFF_FFFFL;
    int format = random.nextInt(formats(stream, message, body.length, delta) + 1);
    stream.time = format == 0 ? message.timestamp() : format < 3 ? delta : stream.time;
    basic(format, message.chunkStreamId());
    if (format < 3) {
      number(Math.min(stream.time, 0xFFFFFF), 3);
    }
    if (format < 2) {
      number(body.length, 3);
      number(message.type(), 1);
    }
    if (format == 0) {
      number(Integer.toUnsignedLong(Integer.reverseBytes(message.messageStreamId())), 4);
    }
    if (stream.time >= 0xFFFFFF) {
      number(stream.time, 4);
    }
    stream.delta = format == 3 ? stream.delta : stream.time;
    stream.timestamp = message.timestamp();
    stream.length = body.length;
    stream.type = message.type();
    stream.id = message.messageStreamId();
    stream.used = true;
    stream.body = body;
    stream.sent = 0;
    payload(stream);
  }

  /** The highest header type that can say this: each leaves out what is as before. */
  private static int formats(Stream stream, Decoded message, int length, long delta) {
    if (!stream.used || stream.id != message.messageStreamId()) {
      return 0;
    }
    if (stream.length != length || stream.type != message.type()) {
      return 1;
    }
    return delta == stream.delta ? 3 : 2;
  }

  /** Sends the next chunk of a message that was begun. */
  void goOn(int chunkStreamId) {
    Stream stream = Objects.requireNonNull(streams.get(chunkStreamId));
    basic(3, chunkStreamId);
    if (stream.time >= 0xFFFFFF) {
      number(stream.time, 4);
    }
    payload(stream);
  }

  private void payload(Stream stream) {
    int slice = Math.min(chunkSize, stream.body.length - stream.sent);
    out.write(stream.body, stream.sent, slice);
    stream.sent += slice;
  }

  private void basic(int format, int chunkStreamId) {
    if (chunkStreamId < 64) {
      number(format << 6 | chunkStreamId, 1);
    } else if (chunkStreamId < 320 && random.nextBoolean()) {
      number(format << 6, 1);
      number(chunkStreamId - 64, 1);
    } else {
      number(format << 6 | 1, 1);
      number((chunkStreamId - 64) & 0xFF, 1);
      number((chunkStreamId - 64) >> 8, 1);
    }
  }

  private void number(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >> shift));
    }
  }
}
