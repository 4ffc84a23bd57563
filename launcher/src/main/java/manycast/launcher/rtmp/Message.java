package manycast.launcher.rtmp;

import java.nio.ByteBuffer;

/** One whole RTMP message. Its body is shared, not copied, and must not be changed. */
public final class Message {
  private final int chunkStreamId;
  private final int messageStreamId;
  private final MessageType type;
  private final long timestampMs;
  private final byte[] body;

  /**
   * @param timestampMs unsigned 32 bits
   */
  public Message(
      int chunkStreamId, int messageStreamId, MessageType type, long timestampMs, byte[] body) {
    this.chunkStreamId = chunkStreamId;
    this.messageStreamId = messageStreamId;
    this.type = type;
    this.timestampMs = timestampMs;
    this.body = body;
  }

  /** A control message of one number. */
  static Message control(MessageType type, int number) {
    return new Message(2, 0, type, 0, ByteBuffer.allocate(4).putInt(number).array());
  }

  public int chunkStreamId() {
    return chunkStreamId;
  }

  public int messageStreamId() {
    return messageStreamId;
  }

  public MessageType type() {
    return type;
  }

  public long timestampMs() {
    return timestampMs;
  }

  public byte[] body() {
    return body;
  }
}
