package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.WireFormat;
import manycast.media.flv.AudioTagHeader;
import manycast.media.flv.AudioTagHeader.AacPacketType;
import manycast.media.flv.EnhancedTag;
import manycast.media.flv.FourCc;
import manycast.media.flv.VideoTagHeader;
import manycast.media.flv.VideoTagHeader.AvcPacketType;
import manycast.media.flv.VideoTagHeader.FrameType;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Owned;
import manycast.media.frame.Track;
import manycast.media.rtmp.chunk.ChunkEncoder;
import manycast.media.rtmp.chunk.ChunkHeader;
import manycast.media.rtmp.message.MessageType;
import manycast.media.rtmp.netty.RtmpClientHandler;

/**
 * Frames as RTMP messages: H.264 and AAC in legacy tags, the other codecs in Enhanced RTMP, what we
 * cannot name as it came. The shared image of an entry has a type 1 header, which holds a time
 * difference and no message stream id: the same bytes are right for every destination that has
 * received the entry before it on the same track.
 */
final class RtmpWireFormat implements WireFormat {
  static final int AUDIO_CHUNK_STREAM = 4;
  static final int VIDEO_CHUNK_STREAM = 6;
  private static final int DATA_CHUNK_STREAM = 5;
  private static final int LONGEST_TAG_HEADER = 8;
  private static final int DELTA_HEADER_BYTES = 8;
  private static final int NOT_EXTENDED_BELOW = 0xFF_FFFF;

  private final ByteBufAllocator allocator;

  RtmpWireFormat(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /**
   * Whether this frame goes out at all: of the tracks that are wanted, and of what is said beside a
   * config only what a reader of Enhanced RTMP is sent.
   */
  static boolean carries(Frame frame, TrackChoice tracks) {
    return tracks.includes(frame.track())
        && (frame.kind() != FrameKind.TRACK_INFO || !hasLegacyTag(frame.codec()));
  }

  @Override
  public int variant() {
    return 0;
  }

  @Override
  public @Owned ByteBuf image(LogEntry entry) {
    Frame frame = entry.frame();
    long delta =
        entry.previousMs() == LogEntry.NO_PREVIOUS ? 0 : frame.dtsMs() - entry.previousMs();
    return encode(
        new ChunkHeader.Delta(chunkStreamId(frame.track()), delta, messageType(frame.track())),
        frame);
  }

  @Override
  public boolean isForAll(Frame frame) {
    return frame.track().number() == 0
        && (frame.codec() == Codec.H264 || frame.codec() == Codec.AAC);
  }

  /**
   * The first message of a track to one destination: absolute time and the stream that the
   * destination created.
   */
  @Owned
  ByteBuf full(Frame frame, long timestampMs, int messageStreamId) {
    return encode(
        new ChunkHeader.Full(
            chunkStreamId(frame.track()), timestampMs, messageType(frame.track()), messageStreamId),
        frame);
  }

  /**
   * The header of an entry with another time difference; it goes before what {@link #sharedRest}
   * gives.
   */
  @Owned
  ByteBuf headerWithDelta(LogEntry entry, long delta) {
    return allocator
        .directBuffer(DELTA_HEADER_BYTES)
        .writeBytes(entry.image(this), 0, DELTA_HEADER_BYTES)
        .setMedium(1, (int) delta);
  }

  /** The shared image behind its header. */
  @Owned
  ByteBuf sharedRest(LogEntry entry) {
    ByteBuf image = entry.image(this);
    return image.retainedSlice(DELTA_HEADER_BYTES, image.writerIndex() - DELTA_HEADER_BYTES);
  }

  /** Whether both times fit the plain header, so that only it differs from the shared image. */
  boolean sharesAllButTheHeader(LogEntry entry, long delta) {
    long shared =
        entry.previousMs() == LogEntry.NO_PREVIOUS ? 0 : entry.frame().dtsMs() - entry.previousMs();
    return delta < NOT_EXTENDED_BELOW && shared < NOT_EXTENDED_BELOW;
  }

  /** The whole entry with another time difference, nothing shared. */
  @Owned
  ByteBuf withDelta(Frame frame, long delta) {
    return encode(
        new ChunkHeader.Delta(chunkStreamId(frame.track()), delta, messageType(frame.track())),
        frame);
  }

  /** Metadata: small, and always with its own header. */
  @Owned
  ByteBuf data(Frame frame, long timestampMs, int messageStreamId) {
    ChunkHeader header =
        new ChunkHeader.Full(
            DATA_CHUNK_STREAM, timestampMs, MessageType.DATA.id(), messageStreamId);
    return ChunkEncoder.encode(allocator, header, RtmpClientHandler.CHUNK_SIZE, frame.payload());
  }

  private ByteBuf encode(ChunkHeader header, Frame frame) {
    ByteBuf tagHeader = tagHeader(frame);
    try {
      return ChunkEncoder.encode(
          allocator, header, RtmpClientHandler.CHUNK_SIZE, tagHeader, frame.payload());
    } finally {
      tagHeader.release();
    }
  }

  private static int chunkStreamId(Track track) {
    return track.isVideo() ? VIDEO_CHUNK_STREAM : AUDIO_CHUNK_STREAM;
  }

  private static int messageType(Track track) {
    return track.isVideo() ? MessageType.VIDEO.id() : MessageType.AUDIO.id();
  }

  private ByteBuf tagHeader(Frame frame) {
    if (frame.wholeTag()) {
      return Unpooled.EMPTY_BUFFER;
    }
    ByteBuf header = allocator.directBuffer(LONGEST_TAG_HEADER);
    if (!hasLegacyTag(frame.codec())) {
      writeEnhancedHeader(frame, header);
      return header;
    }
    boolean config = frame.kind() == FrameKind.CONFIG;
    if (frame.track().isAudio()) {
      new AudioTagHeader.Aac(config ? AacPacketType.CODEC_CONFIG : AacPacketType.ACCESS_UNIT)
          .write(header);
    } else {
      AvcPacketType packetType = config ? AvcPacketType.CODEC_CONFIG : AvcPacketType.ACCESS_UNIT;
      new VideoTagHeader.Avc(frameType(frame), packetType, frame.compositionOffsetMs())
          .write(header);
    }
    return header;
  }

  /** Whether frames of this codec leave in Enhanced RTMP. */
  static boolean isEnhanced(Codec codec) {
    return !hasLegacyTag(codec) && FourCc.of(codec) != null;
  }

  private static boolean hasLegacyTag(Codec codec) {
    return codec == Codec.H264 || codec == Codec.AAC;
  }

  /** A composition offset of 0 is left out, as the encoders do (ERTMP, Enhanced Video). */
  private static void writeEnhancedHeader(Frame frame, ByteBuf header) {
    FourCc fourCc = Objects.requireNonNull(FourCc.of(frame.codec()), "codec without a FourCC");
    int offsetMs = frame.compositionOffsetMs();
    boolean config = frame.kind() == FrameKind.CONFIG;
    if (frame.track().isAudio()) {
      EnhancedTag.writeAudio(
          header, config ? EnhancedTag.SEQUENCE_START : EnhancedTag.CODED_FRAMES, fourCc);
    } else if (config) {
      EnhancedTag.writeVideo(header, FrameType.KEY, EnhancedTag.SEQUENCE_START, fourCc);
    } else if (!frame.codec().hasCompositionOffset()) {
      EnhancedTag.writeVideo(header, frameType(frame), EnhancedTag.CODED_FRAMES, fourCc);
    } else if (offsetMs == 0) {
      EnhancedTag.writeVideo(header, frameType(frame), EnhancedTag.CODED_FRAMES_X, fourCc);
    } else {
      EnhancedTag.writeVideo(header, frameType(frame), EnhancedTag.CODED_FRAMES, fourCc);
      header.writeMedium(offsetMs);
    }
  }

  private static FrameType frameType(Frame frame) {
    return switch (frame.picture()) {
      case NONE, KEY -> FrameType.KEY;
      case INTER -> FrameType.INTER;
      case DISPOSABLE -> FrameType.DISPOSABLE;
      case GENERATED_KEY -> FrameType.GENERATED_KEY;
    };
  }
}
