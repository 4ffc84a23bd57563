package manycast.media.rtmp.chunk;

import io.netty.buffer.ByteBuf;

/**
 * One whole message as it came off the wire, its meaning not yet looked at.
 *
 * @param chunkStreamId the chunk stream that carried it
 * @param timestamp milliseconds, unsigned 32 bits as on the wire (no unwrapping here)
 * @param type the message type id (RTMP 1.0 §6.1)
 * @param messageStreamId 0 for the connection itself, else a created stream
 * @param body one contiguous buffer, owned by whoever holds this record
 */
public record RawMessage(
    int chunkStreamId, long timestamp, int type, int messageStreamId, ByteBuf body) {
  /** Releases the body. */
  public void release() {
    body.release();
  }
}
