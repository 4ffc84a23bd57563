package manycast.media.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What must be remembered of one chunk stream between its chunks (RTMP 1.0 §5.3.1.2). */
final class ChunkStream {
  final int id;
  long timestamp;
  long delta;
  int length;
  int type;
  int messageStreamId;

  /** Did the last header of type 0, 1 or 2 carry an extended timestamp, and which? */
  boolean extended;

  long extendedTime;

  /** The message being received, or null between messages. */
  @Nullable ByteBuf body;

  ChunkStream(int id) {
    this.id = id;
  }
}
