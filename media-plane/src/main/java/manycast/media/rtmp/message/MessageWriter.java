package manycast.media.rtmp.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfWriter;
import manycast.media.frame.Owned;
import manycast.media.rtmp.chunk.ChunkEncoder;
import manycast.media.rtmp.chunk.ChunkHeader;
import manycast.media.rtmp.message.RtmpMessage.Acknowledgement;
import manycast.media.rtmp.message.RtmpMessage.Command;
import manycast.media.rtmp.message.RtmpMessage.Data;
import manycast.media.rtmp.message.RtmpMessage.Ignored;
import manycast.media.rtmp.message.RtmpMessage.PingRequest;
import manycast.media.rtmp.message.RtmpMessage.PingResponse;
import manycast.media.rtmp.message.RtmpMessage.SetChunkSize;
import manycast.media.rtmp.message.RtmpMessage.SetPeerBandwidth;
import manycast.media.rtmp.message.RtmpMessage.StreamBegin;
import manycast.media.rtmp.message.RtmpMessage.WindowAcknowledgementSize;

/**
 * Writes one direction's control messages, commands and data, each as one contiguous buffer with a
 * type 0 header. Remembers the chunk size that it last announced.
 */
public final class MessageWriter {
  /** The chunk stream of control messages (RTMP 1.0 §5.4). */
  public static final int CONTROL = 2;

  /** The chunk stream of NetConnection commands; Larix wants the connect result here. */
  public static final int CONNECTION = 3;

  /** The chunk stream of NetStream commands and of data. */
  public static final int STREAM = 5;

  private static final int STREAM_BEGIN = 0;
  private static final int PING_REQUEST = 6;
  private static final int PING_RESPONSE = 7;

  private final ByteBufAllocator allocator;
  private int chunkSize = ChunkEncoder.DEFAULT_CHUNK_SIZE;

  /** A writer at the start of a connection. */
  public MessageWriter(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** The size that the next message is cut at. */
  public int chunkSize() {
    return chunkSize;
  }

  /** One whole message as it lies on the wire. */
  public @Owned ByteBuf write(RtmpMessage message) {
    ByteBuf body = allocator.buffer();
    try {
      ChunkHeader header = writeBody(body, message);
      ByteBuf chunks = ChunkEncoder.encode(allocator, header, chunkSize, body);
      if (message instanceof SetChunkSize(int size)) {
        chunkSize = size;
      }
      return chunks;
    } finally {
      body.release();
    }
  }

  private static ChunkHeader writeBody(ByteBuf out, RtmpMessage message) {
    return switch (message) {
      case SetChunkSize(int size) -> {
        out.writeInt(size);
        yield control(MessageType.SET_CHUNK_SIZE);
      }
      case Acknowledgement(long bytes) -> {
        out.writeInt((int) bytes);
        yield control(MessageType.ACKNOWLEDGEMENT);
      }
      case WindowAcknowledgementSize(long bytes) -> {
        out.writeInt((int) bytes);
        yield control(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE);
      }
      case SetPeerBandwidth(long bytes, int limitType) -> {
        out.writeInt((int) bytes).writeByte(limitType);
        yield control(MessageType.SET_PEER_BANDWIDTH);
      }
      case StreamBegin(int messageStreamId) -> userControl(out, STREAM_BEGIN, messageStreamId);
      case PingRequest(int time) -> userControl(out, PING_REQUEST, time);
      case PingResponse(int time) -> userControl(out, PING_RESPONSE, time);
      case Command command -> writeCommand(out, command);
      case Data data -> writeData(out, data);
      case Ignored ignored ->
          throw new IllegalArgumentException("type " + ignored.type() + " has nothing to write");
    };
  }

  private static ChunkHeader control(MessageType type) {
    return new ChunkHeader.Full(CONTROL, 0, type.id(), 0);
  }

  private static ChunkHeader userControl(ByteBuf out, int event, int value) {
    out.writeShort(event).writeInt(value);
    return control(MessageType.USER_CONTROL);
  }

  private static ChunkHeader writeCommand(ByteBuf out, Command command) {
    AmfWriter.write(out, AmfValue.of(command.name()));
    AmfWriter.write(out, AmfValue.of(command.transactionId()));
    AmfWriter.write(out, command.commandObject());
    command.arguments().forEach(argument -> AmfWriter.write(out, argument));
    int chunkStreamId = command.messageStreamId() == 0 ? CONNECTION : STREAM;
    return new ChunkHeader.Full(
        chunkStreamId, 0, MessageType.COMMAND.id(), command.messageStreamId());
  }

  private static ChunkHeader writeData(ByteBuf out, Data data) {
    AmfWriter.write(out, AmfValue.of(data.name()));
    data.values().forEach(value -> AmfWriter.write(out, value));
    return new ChunkHeader.Full(
        STREAM, data.timestamp(), MessageType.DATA.id(), data.messageStreamId());
  }
}
