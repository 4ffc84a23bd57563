package manycast.system.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import manycast.launcher.rtmp.Amf0;
import manycast.system.bench.kernel.NativeBuffer;
import org.jspecify.annotations.Nullable;

/** Puts messages into a buffer as chunks (RTMP 1.0 §5.3.1). */
final class ChunkWriter {
  static final int SET_CHUNK_SIZE = 1;
  static final int ACKNOWLEDGEMENT = 3;
  static final int USER_CONTROL = 4;
  static final int WINDOW_SIZE = 5;
  static final int PEER_BANDWIDTH = 6;
  static final int COMMAND = 20;

  private static final int CONTROL_STREAM = 2;
  private static final int COMMAND_STREAM = 3;
  private static final int LATER_CHUNK = 0xC0;
  private static final int DELTA = 0x40;

  private final NativeBuffer out;
  private int chunkSize = 128;
  private final long[] lastMs = new long[16];

  ChunkWriter(NativeBuffer out) {
    this.out = out;
    Arrays.fill(lastMs, -1);
  }

  void announceChunkSize(int size) {
    control(SET_CHUNK_SIZE, ByteBuffer.allocate(4).putInt(size).array());
    chunkSize = size;
  }

  void control(int type, byte[] body) {
    header(0, CONTROL_STREAM, 0, body.length, type, 0);
    out.put(body, 0, body.length);
  }

  void command(int messageStreamId, @Nullable Object... values) {
    byte[] body = Amf0.write(values);
    header(0, COMMAND_STREAM, 0, body.length, COMMAND, messageStreamId);
    body(COMMAND_STREAM, body, new byte[0]);
  }

  /**
   * A media message: the first on its chunk stream with its time, later ones with what has passed.
   *
   * @param appended bytes that belong to the message too
   */
  void media(
      int chunkStreamId, int messageStreamId, int type, long timeMs, byte[] body, byte[] appended) {
    long last = lastMs[chunkStreamId];
    lastMs[chunkStreamId] = timeMs;
    int length = body.length + appended.length;
    if (last < 0) {
      header(0, chunkStreamId, timeMs, length, type, messageStreamId);
    } else {
      header(DELTA, chunkStreamId, timeMs - last, length, type, messageStreamId);
    }
    body(chunkStreamId, body, appended);
  }

  private void header(
      int format, int chunkStreamId, long time, int length, int type, int messageStreamId) {
    out.put(format | chunkStreamId);
    out.put24((int) time);
    out.put24(length);
    out.put(type);
    if (format == 0) {
      out.put(messageStreamId);
      out.put24(0);
    }
  }

  private void body(int chunkStreamId, byte[] body, byte[] appended) {
    int room = part(chunkStreamId, body, chunkSize);
    part(chunkStreamId, appended, room);
  }

  /** Writes bytes into the chunk that has so much room, and further ones; room of the last. */
  private int part(int chunkStreamId, byte[] bytes, int roomOfFirst) {
    int room = roomOfFirst;
    int at = 0;
    while (at < bytes.length) {
      if (room == 0) {
        out.put(LATER_CHUNK | chunkStreamId);
        room = chunkSize;
      }
      int count = Math.min(room, bytes.length - at);
      out.put(bytes, at, count);
      at += count;
      room -= count;
    }
    return room;
  }
}
