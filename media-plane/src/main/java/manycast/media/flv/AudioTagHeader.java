package manycast.media.flv;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;

/** The header before the payload of an audio tag (FLV §E.4.2.1). */
public sealed interface AudioTagHeader {
  /** The sound format of AAC. */
  int AAC = 10;

  /** The sound format that announces an Enhanced RTMP header. */
  int ENHANCED = 9;

  /** The sound formats of MP3. */
  int MP3 = 2;

  int MP3_8K = 14;

  /** What an AAC tag carries. */
  enum AacPacketType {
    CODEC_CONFIG(0),
    ACCESS_UNIT(1);

    private final int id;

    AacPacketType(int id) {
      this.id = id;
    }

    static AacPacketType of(int id) throws ProtocolException {
      return switch (id) {
        case 0 -> CODEC_CONFIG;
        case 1 -> ACCESS_UNIT;
        default ->
            throw new ProtocolException("AACPacketType " + id + ": 0 and 1 exist (FLV §E.4.2.1)");
      };
    }
  }

  /**
   * An AAC tag. Rate, size and channels in its first byte are fixed by the specification and mean
   * nothing: the codec config tells.
   */
  record Aac(AacPacketType packetType) implements AudioTagHeader {
    /** The bytes that this header takes. */
    public static final int LENGTH = 2;

    /** Appends the header as it lies on the wire. */
    public void write(ByteBuf out) {
      out.writeByte(0xAF).writeByte(packetType.id);
    }
  }

  /** A legacy tag of another codec. */
  record Other(int soundFormat) implements AudioTagHeader {}

  /** An Enhanced RTMP tag. */
  record Enhanced(EnhancedTag tag) implements AudioTagHeader {}

  /** A body without a byte: the documented signal for silence; to be dropped. */
  record Empty() implements AudioTagHeader {}

  /**
   * Reads the header at the body's reader index, which stays where it is.
   *
   * @throws ProtocolException for a truncated header or a number that FLV does not have
   */
  static AudioTagHeader read(ByteBuf body) throws ProtocolException {
    if (!body.isReadable()) {
      return new Empty();
    }
    int first = body.getUnsignedByte(body.readerIndex());
    return switch (first >> 4) {
      case AAC -> readAac(body);
      case ENHANCED -> new Enhanced(EnhancedTag.readAudio(body));
      default -> new Other(first >> 4);
    };
  }

  private static Aac readAac(ByteBuf body) throws ProtocolException {
    if (body.readableBytes() < Aac.LENGTH) {
      throw new ProtocolException("AAC tag of 1 byte: its header takes 2 (FLV §E.4.2.1)");
    }
    return new Aac(AacPacketType.of(body.getUnsignedByte(body.readerIndex() + 1)));
  }
}
