package manycast.media.flv;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;

/** The header before the payload of a video tag (FLV §E.4.3.1). */
public sealed interface VideoTagHeader {
  /** The codecId of H.264. */
  int AVC = 7;

  /** The codecId of HEVC at some Asian CDNs, in H.264's layout; in no specification. */
  int HEVC = 12;

  /** The codecId of AV1 at the same CDNs, in H.264's layout. */
  int AV1 = 13;

  /** The upper half of the first byte. */
  enum FrameType {
    KEY(1),
    INTER(2),
    DISPOSABLE(3),
    GENERATED_KEY(4),
    COMMAND(5);

    private final int id;

    FrameType(int id) {
      this.id = id;
    }

    /** The number on the wire. */
    public int id() {
      return id;
    }

    /** The frame type with this number; the others, which Enhanced RTMP has room for, are inter. */
    public static FrameType ofEnhanced(int id) {
      return switch (id) {
        case 1 -> KEY;
        case 3 -> DISPOSABLE;
        case 4 -> GENERATED_KEY;
        default -> INTER;
      };
    }

    static FrameType of(int id) throws ProtocolException {
      return switch (id) {
        case 1 -> KEY;
        case 2 -> INTER;
        case 3 -> DISPOSABLE;
        case 4 -> GENERATED_KEY;
        case 5 -> COMMAND;
        default ->
            throw new ProtocolException("video frame type " + id + ": 1 to 5 exist (FLV §E.4.3.1)");
      };
    }
  }

  /** What an H.264 tag carries. */
  enum AvcPacketType {
    CODEC_CONFIG(0),
    ACCESS_UNIT(1),
    END_OF_SEQUENCE(2);

    private final int id;

    AvcPacketType(int id) {
      this.id = id;
    }

    static AvcPacketType of(int id) throws ProtocolException {
      return switch (id) {
        case 0 -> CODEC_CONFIG;
        case 1 -> ACCESS_UNIT;
        case 2 -> END_OF_SEQUENCE;
        default ->
            throw new ProtocolException("AVCPacketType " + id + ": 0 to 2 exist (FLV §E.4.3.1)");
      };
    }
  }

  /**
   * An H.264 tag in the legacy layout, or one of HEVC or AV1 in the same.
   *
   * @param codecId {@link #AVC}, {@link #HEVC} or {@link #AV1}
   * @param compositionOffsetMs PTS - DTS, signed 24 bits
   */
  record Avc(int codecId, FrameType frameType, AvcPacketType packetType, int compositionOffsetMs)
      implements VideoTagHeader {
    /** The bytes that this header takes. */
    public static final int LENGTH = 5;

    /** A header of H.264. */
    public Avc(FrameType frameType, AvcPacketType packetType, int compositionOffsetMs) {
      this(AVC, frameType, packetType, compositionOffsetMs);
    }

    /** Appends the header as it lies on the wire. */
    public void write(ByteBuf out) {
      out.writeByte(frameType.id << 4 | codecId)
          .writeByte(packetType.id)
          .writeMedium(compositionOffsetMs);
    }
  }

  /** A legacy tag of another codec; its layout behind the first byte is not ours to know. */
  record Other(FrameType frameType, int codecId) implements VideoTagHeader {}

  /** Frame type 5: a hint for a player's seeking; to be dropped. */
  record PlayerCommand() implements VideoTagHeader {}

  /** An Enhanced RTMP tag. */
  record Enhanced(EnhancedTag tag) implements VideoTagHeader {}

  /** A body without a byte, which some encoders send; to be dropped. */
  record Empty() implements VideoTagHeader {}

  /**
   * Reads the header at the body's reader index, which stays where it is.
   *
   * @throws ProtocolException for a truncated header or a number that FLV does not have
   */
  static VideoTagHeader read(ByteBuf body) throws ProtocolException {
    if (!body.isReadable()) {
      return new Empty();
    }
    int first = body.getUnsignedByte(body.readerIndex());
    if ((first & 0x80) != 0) {
      EnhancedTag tag = EnhancedTag.readVideo(body);
      return tag.isCommand() ? new PlayerCommand() : new Enhanced(tag);
    }
    FrameType frameType = FrameType.of(first >> 4);
    int codecId = first & 0x0F;
    if (frameType == FrameType.COMMAND) {
      return new PlayerCommand();
    }
    return switch (codecId) {
      case AVC, HEVC, AV1 -> readAvc(codecId, frameType, body);
      default -> new Other(frameType, codecId);
    };
  }

  private static Avc readAvc(int codecId, FrameType frameType, ByteBuf body)
      throws ProtocolException {
    if (body.readableBytes() < Avc.LENGTH) {
      throw new ProtocolException(
          "H.264 tag of " + body.readableBytes() + " bytes: its header takes 5 (FLV §E.4.3.1)");
    }
    AvcPacketType packetType = AvcPacketType.of(body.getUnsignedByte(body.readerIndex() + 1));
    return new Avc(codecId, frameType, packetType, body.getMedium(body.readerIndex() + 2));
  }
}
