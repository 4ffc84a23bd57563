package manycast.media.rtmp.message;

import io.netty.buffer.ByteBuf;
import java.util.List;
import manycast.media.amf.AmfReader;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfValue.AmfNumber;
import manycast.media.amf.AmfValue.AmfString;
import manycast.media.bytes.ProtocolException;
import manycast.media.rtmp.chunk.RawMessage;
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

/** Reads the meaning of raw messages other than audio, video and aggregates. */
public final class MessageReader {
  private static final int STREAM_BEGIN = 0;

  private static final int PING_REQUEST = 6;
  private static final int PING_RESPONSE = 7;

  private MessageReader() {}

  /**
   * Reads one message; its body stays the caller's and is read up.
   *
   * <p>A data message that is not AMF is {@link Ignored}: it must not end a connection. A broken
   * command does, for an answer may be awaited.
   *
   * @throws ProtocolException when a control message or command is malformed
   */
  public static RtmpMessage read(RawMessage raw) throws ProtocolException {
    MessageType type = MessageType.of(raw.type());
    if (type == null) {
      return new Ignored(raw.type());
    }
    ByteBuf body = raw.body();
    return switch (type) {
      case SET_CHUNK_SIZE -> setChunkSize(body);
      case ACKNOWLEDGEMENT -> new Acknowledgement(unsignedInt(type, body));
      case USER_CONTROL -> userControl(raw);
      case WINDOW_ACKNOWLEDGEMENT_SIZE -> new WindowAcknowledgementSize(unsignedInt(type, body));
      case SET_PEER_BANDWIDTH -> setPeerBandwidth(body);
      case COMMAND -> command(raw);
      case COMMAND_AMF3 -> command(withoutFormatSelector(raw));
      case DATA -> data(raw);
      case DATA_AMF3 -> data(withoutFormatSelector(raw));
      case ABORT, AUDIO, VIDEO, AGGREGATE -> new Ignored(raw.type());
    };
  }

  private static SetChunkSize setChunkSize(ByteBuf body) throws ProtocolException {
    long size = unsignedInt(MessageType.SET_CHUNK_SIZE, body);
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw new ProtocolException("chunk size " + size + ": 1 to 2147483647 (RTMP 1.0 §5.4.1)");
    }
    return new SetChunkSize((int) size);
  }

  private static SetPeerBandwidth setPeerBandwidth(ByteBuf body) throws ProtocolException {
    long bytes = unsignedInt(MessageType.SET_PEER_BANDWIDTH, body);
    // Some servers leave the limit type out.
    return new SetPeerBandwidth(bytes, body.isReadable() ? body.readUnsignedByte() : 0);
  }

  private static RtmpMessage userControl(RawMessage raw) throws ProtocolException {
    ByteBuf body = raw.body();
    if (body.readableBytes() < 2) {
      throw truncated(MessageType.USER_CONTROL, 2, body);
    }
    return switch (body.readUnsignedShort()) {
      case STREAM_BEGIN -> new StreamBegin((int) unsignedInt(MessageType.USER_CONTROL, body));
      case PING_REQUEST -> new PingRequest((int) unsignedInt(MessageType.USER_CONTROL, body));
      case PING_RESPONSE -> new PingResponse((int) unsignedInt(MessageType.USER_CONTROL, body));
      default -> new Ignored(raw.type());
    };
  }

  /** AMF3 messages begin with a format selector; what follows is AMF0 in every encoder seen. */
  private static RawMessage withoutFormatSelector(RawMessage raw) {
    if (raw.body().isReadable() && raw.body().getByte(raw.body().readerIndex()) == 0) {
      raw.body().skipBytes(1);
    }
    return raw;
  }

  /**
   * §7.1.1: name, transaction id, command object, arguments. Firmware leaves the later ones out.
   */
  private static Command command(RawMessage raw) throws ProtocolException {
    AmfReader in = new AmfReader(raw.body());
    if (!(in.hasNext() && in.next() instanceof AmfString(String name))) {
      throw new ProtocolException("command without a name (RTMP 1.0 §7.1.1)");
    }
    double transactionId = in.hasNext() && in.next() instanceof AmfNumber(double id) ? id : 0;
    AmfValue commandObject = in.hasNext() ? in.next() : AmfValue.NULL;
    return new Command(
        name, transactionId, raw.messageStreamId(), commandObject, in.nextReadable());
  }

  private static RtmpMessage data(RawMessage raw) {
    List<AmfValue> values = new AmfReader(raw.body()).nextReadable();
    if (values.isEmpty() || !(values.getFirst() instanceof AmfString(String name))) {
      return new Ignored(raw.type());
    }
    return new Data(raw.messageStreamId(), raw.timestamp(), name, values.subList(1, values.size()));
  }

  private static long unsignedInt(MessageType type, ByteBuf body) throws ProtocolException {
    if (body.readableBytes() < 4) {
      throw truncated(type, 4, body);
    }
    return body.readUnsignedInt();
  }

  private static ProtocolException truncated(MessageType type, int wanted, ByteBuf body) {
    return new ProtocolException(
        "%s with %d bytes where %d are wanted (RTMP 1.0 §5.4)"
            .formatted(type, body.readableBytes(), wanted));
  }
}
