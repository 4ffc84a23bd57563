package manycast.media.flv;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import manycast.media.bytes.ProtocolException;

/**
 * An Enhanced RTMP tag of pictures or sound taken apart (ERTMP, Enhanced Video and Enhanced Audio):
 * what modifies it has been read, and each track that it carries stands by itself.
 *
 * @param frameType the frame type of a video tag as it stands there, 0 to 7; 0 of an audio tag
 * @param packetType what its tracks carry; it may be a number that we don't know
 * @param nanoOffset nanoseconds to add to the presentation time, 0 to 999999
 * @param parts the tracks in it; empty only for a player's command
 */
public record EnhancedTag(int frameType, int packetType, int nanoOffset, List<Part> parts) {
  /** A codec config. */
  public static final int SEQUENCE_START = 0;

  /** An access unit; with NAL units a composition offset of 24 bits goes before it. */
  public static final int CODED_FRAMES = 1;

  /** Nothing more comes of this track for now. */
  public static final int SEQUENCE_END = 2;

  /** Video: an access unit whose composition offset is 0 and left out. */
  public static final int CODED_FRAMES_X = 3;

  /** Video: named values, such as the colours. Audio: the order of the channels. */
  public static final int TRACK_INFO = 4;

  /** Video: AV1's codec config as a descriptor of MPEG-TS. */
  public static final int TS_SEQUENCE_START = 5;

  /** Where in the body the composition offset of an access unit of NAL units ends. */
  public static final int COMPOSITION_OFFSET_BYTES = 3;

  private static final int VIDEO_MULTITRACK = 6;
  private static final int AUDIO_MULTITRACK = 5;
  private static final int MOD_EX = 7;
  private static final int COMMAND = 5;
  private static final int ONE_TRACK = 0;
  private static final int MANY_TRACKS = 1;
  private static final int MANY_TRACKS_MANY_CODECS = 2;
  private static final int NANO_OFFSET = 0;
  private static final int NANO_OFFSET_BYTES = 3;
  private static final int MOST_NANOSECONDS = 999_999;

  /** More tracks than this in one message nobody sends; each costs an object. */
  private static final int MOST_PARTS = 32;

  /**
   * What a tag carries for one track.
   *
   * @param trackId 0 for the default track
   * @param fourCc the codec's four bytes
   * @param from index in the body at which it begins, behind the track's size
   * @param length bytes of it
   */
  public record Part(int trackId, int fourCc, int from, int length) {}

  /** Keeps a copy of the parts. */
  public EnhancedTag {
    parts = List.copyOf(parts);
  }

  /** A hint for a player's seeking; to be dropped. */
  boolean isCommand() {
    return parts.isEmpty();
  }

  static EnhancedTag readVideo(ByteBuf body) throws ProtocolException {
    return new Reader(body).read(true);
  }

  static EnhancedTag readAudio(ByteBuf body) throws ProtocolException {
    return new Reader(body).read(false);
  }

  /** Appends the header of a video tag with one track as it lies before the payload. */
  public static void writeVideo(
      ByteBuf out, VideoTagHeader.FrameType frameType, int packetType, FourCc fourCc) {
    out.writeByte(0x80 | frameType.id() << 4 | packetType).writeInt(fourCc.value());
  }

  /** Appends the header of an audio tag with one track as it lies before the payload. */
  public static void writeAudio(ByteBuf out, int packetType, FourCc fourCc) {
    out.writeByte(AudioTagHeader.ENHANCED << 4 | packetType).writeInt(fourCc.value());
  }

  /** The way through one body, which stays as it is. */
  private static final class Reader {
    private final ByteBuf body;
    private final int end;
    private int index;

    Reader(ByteBuf body) {
      this.body = body;
      this.index = body.readerIndex();
      this.end = body.writerIndex();
    }

    EnhancedTag read(boolean video) throws ProtocolException {
      int first = unsignedByte();
      int frameType = video ? first >> 4 & 7 : 0;
      int packetType = first & 0x0F;
      int nanoOffset = 0;
      while (packetType == MOD_EX) {
        int size = unsignedByte() + 1;
        if (size == 256) {
          size = unsignedShort() + 1;
        }
        int data = skip(size);
        int next = unsignedByte();
        if (next >> 4 == NANO_OFFSET && size >= NANO_OFFSET_BYTES) {
          nanoOffset = Math.min(body.getUnsignedMedium(data), MOST_NANOSECONDS);
        }
        packetType = next & 0x0F;
      }
      if (video && frameType == COMMAND && packetType != TRACK_INFO) {
        return new EnhancedTag(frameType, packetType, nanoOffset, List.of());
      }
      if (packetType != (video ? VIDEO_MULTITRACK : AUDIO_MULTITRACK)) {
        int fourCc = fourCc();
        Part part = new Part(0, fourCc, index, end - index);
        return new EnhancedTag(frameType, packetType, nanoOffset, List.of(part));
      }
      int form = unsignedByte();
      int inner = form & 0x0F;
      if (inner == packetType || inner == MOD_EX) {
        throw new ProtocolException(
            "packet type " + inner + " inside a multitrack tag (ERTMP, Multitrack)");
      }
      return new EnhancedTag(frameType, inner, nanoOffset, tracks(form >> 4));
    }

    private List<Part> tracks(int form) throws ProtocolException {
      if (form > MANY_TRACKS_MANY_CODECS) {
        throw new ProtocolException(
            "multitrack type " + form + ": 0 to 2 exist (ERTMP, Multitrack)");
      }
      int shared = form == MANY_TRACKS_MANY_CODECS ? 0 : fourCc();
      List<Part> parts = new ArrayList<>(4);
      do {
        int fourCc = form == MANY_TRACKS_MANY_CODECS ? fourCc() : shared;
        int trackId = unsignedByte();
        int length = form >= MANY_TRACKS ? unsignedMedium() : end - index;
        if (parts.size() == MOST_PARTS) {
          throw new ProtocolException(
              "more than " + MOST_PARTS + " tracks in one message: at most so many are taken");
        }
        parts.add(new Part(trackId, fourCc, skip(length), length));
      } while (form != ONE_TRACK && index < end);
      return parts;
    }

    private int fourCc() throws ProtocolException {
      return body.getInt(skip(FourCc.LENGTH));
    }

    private int unsignedByte() throws ProtocolException {
      return body.getUnsignedByte(skip(1));
    }

    private int unsignedShort() throws ProtocolException {
      return body.getUnsignedShort(skip(2));
    }

    private int unsignedMedium() throws ProtocolException {
      return body.getUnsignedMedium(skip(3));
    }

    /** Passes over so many bytes and answers where they begin. */
    private int skip(int bytes) throws ProtocolException {
      if (bytes > end - index) {
        throw new ProtocolException(
            "Enhanced RTMP tag of %d bytes ends too early: %d wanted, %d left"
                .formatted(body.readableBytes(), bytes, end - index));
      }
      int at = index;
      index += bytes;
      return at;
    }
  }
}
