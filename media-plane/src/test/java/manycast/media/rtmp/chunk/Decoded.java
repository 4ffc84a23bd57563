package manycast.media.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.Limits;
import manycast.media.bytes.ProtocolException;

/** A decoded message as a value that tests can compare; its buffer is released. */
record Decoded(int chunkStreamId, long timestamp, int type, int messageStreamId, String bodyHex) {
  @Override
  public String toString() {
    String start = bodyHex.substring(0, Math.min(16, bodyHex.length()));
    return "chunkStreamId=%d timestamp=%d type=%d messageStreamId=%d %d bytes %s"
        .formatted(chunkStreamId, timestamp, type, messageStreamId, bodyHex.length() / 2, start);
  }

  static Decoded of(RawMessage message) {
    Decoded decoded =
        new Decoded(
            message.chunkStreamId(),
            message.timestamp(),
            message.type(),
            message.messageStreamId(),
            ByteBufUtil.hexDump(message.body()));
    message.release();
    return decoded;
  }

  /** Decodes these pieces as they arrive one after the other, and checks that nothing is kept. */
  static List<Decoded> all(Limits limits, byte[]... pieces) throws ProtocolException {
    CountingBytes counter = new CountingBytes(Long.MAX_VALUE);
    List<Decoded> messages = new ArrayList<>();
    try (ChunkDecoder decoder = new ChunkDecoder(ByteBufAllocator.DEFAULT, limits, counter)) {
      for (byte[] piece : pieces) {
        drain(decoder, piece, messages);
      }
    }
    if (counter.held() != 0) {
      throw new AssertionError(counter.held() + " bytes are still counted");
    }
    return messages;
  }

  static void drain(ChunkDecoder decoder, byte[] piece, List<Decoded> messages)
      throws ProtocolException {
    ByteBuf in = Unpooled.wrappedBuffer(piece);
    RawMessage message = decoder.decode(in);
    while (message != null) {
      messages.add(of(message));
      message = decoder.decode(in);
    }
    if (in.isReadable()) {
      throw new AssertionError(in.readableBytes() + " bytes were left unread");
    }
  }
}
