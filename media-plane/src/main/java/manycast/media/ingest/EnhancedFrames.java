package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import manycast.media.bytes.ProtocolException;
import manycast.media.flv.AudioTagHeader;
import manycast.media.flv.EnhancedTag;
import manycast.media.flv.FourCc;
import manycast.media.flv.VideoTagHeader.FrameType;
import manycast.media.frame.Codec;
import manycast.media.frame.PictureType;
import manycast.media.frame.Timeline;
import manycast.media.frame.TrackKind;
import manycast.media.ingest.TrackDescriptions.Description;

/**
 * Makes frames of Enhanced RTMP tags (ERTMP, Enhanced Video and Enhanced Audio). A codec without a
 * name here, and what is said beside a config, keep their tag header; it is written anew only where
 * the tag held several tracks.
 */
final class EnhancedFrames {
  private static final int NANOSECONDS_OF_9_TICKS = 100_000;
  private static final int PLAIN_HEADER = 1 + FourCc.LENGTH;

  private final TrackFrames frames;
  private final Timeline timeline;

  EnhancedFrames(TrackFrames frames, Timeline timeline) {
    this.frames = frames;
    this.timeline = timeline;
  }

  /**
   * Takes a tag; the body is lent.
   *
   * @throws ProtocolException when an access unit of NAL units has no room for its composition
   *     offset
   */
  Taken take(TrackKind kind, EnhancedTag tag, int timestamp, ByteBuf body, long nowMs)
      throws ProtocolException {
    List<EnhancedTag.Part> parts = tag.parts();
    if (parts.size() == 1) {
      EnhancedTag.Part part = parts.getFirst();
      int start = body.readerIndex();
      body.readerIndex(part.from());
      return one(kind, tag, part, start, timestamp, body, nowMs);
    }
    List<Taken> each = new ArrayList<>(parts.size());
    for (EnhancedTag.Part part : parts) {
      ByteBuf payload = body.slice(part.from(), part.length());
      try {
        each.add(one(kind, tag, part, -1, timestamp, payload, nowMs));
      } catch (ProtocolException e) {
        // The other tracks in the message are none the worse for it.
        each.add(new Taken.NotCarried("malformed_track", e.getMessage()));
      }
    }
    return new Taken.Several(each);
  }

  private Taken one(
      TrackKind kind,
      EnhancedTag tag,
      EnhancedTag.Part part,
      int start,
      int timestamp,
      ByteBuf payload,
      long nowMs)
      throws ProtocolException {
    TrackState state = frames.open(kind, part.trackId());
    if (state == null) {
      return TrackFrames.tooManyTracks(kind);
    }
    Codec codec =
        kind == TrackKind.VIDEO ? FourCc.video(part.fourCc()) : FourCc.audio(part.fourCc());
    boolean video = kind == TrackKind.VIDEO;
    int type = tag.packetType();
    boolean isMedia =
        type == EnhancedTag.CODED_FRAMES || (video && type == EnhancedTag.CODED_FRAMES_X);
    if (type == EnhancedTag.SEQUENCE_END) {
      return Taken.NOTHING;
    }
    boolean isConfig = type == EnhancedTag.SEQUENCE_START;
    boolean isInfo =
        type == EnhancedTag.TRACK_INFO || (video && type == EnhancedTag.TS_SEQUENCE_START);
    if (!isMedia && !isConfig && !isInfo) {
      return new Taken.NotCarried(
          "packet_type",
          "The encoder sends packets of the Enhanced RTMP type %d, which is not known here: they are dropped."
              .formatted(type));
    }
    if (codec != null && isConfig) {
      return frames.config(state, codec, payload, nowMs);
    }
    PictureType picture = video ? picture(FrameType.ofEnhanced(tag.frameType())) : PictureType.NONE;
    if (codec != null && isMedia) {
      long ms = timeline.mediaMs(state.track(), timestamp, nowMs);
      int offset = tag.nanoOffset() * 9 / NANOSECONDS_OF_9_TICKS;
      if (type == EnhancedTag.CODED_FRAMES && codec.hasCompositionOffset()) {
        offset += compositionOffset(payload) * TrackFrames.DTS_TICKS_PER_MS;
      }
      return frames.media(state, codec, ms, offset, picture, payload);
    }
    ByteBuf whole = wholeTag(kind, tag, part, start, payload);
    try {
      if (isInfo) {
        return frames.info(state, codec == null ? other(video) : codec, whole, nowMs);
      }
      Supplier<Description> unknown =
          () ->
              TrackDescriptions.ofUnknown(
                  state.track(),
                  other(video),
                  (video ? "video" : "audio") + " with the FourCC " + FourCc.text(part.fourCc()));
      if (isConfig) {
        return frames.configInItsTag(state, other(video), unknown, whole, nowMs);
      }
      long ms = timeline.mediaMs(state.track(), timestamp, nowMs);
      return frames.mediaInItsTag(state, other(video), ms, picture, unknown, whole);
    } finally {
      whole.release();
    }
  }

  private static int compositionOffset(ByteBuf payload) throws ProtocolException {
    if (payload.readableBytes() < EnhancedTag.COMPOSITION_OFFSET_BYTES) {
      throw new ProtocolException(
          "coded frames of %d bytes: the composition offset takes 3 (ERTMP, Enhanced Video)"
              .formatted(payload.readableBytes()));
    }
    return payload.readMedium();
  }

  /** The message itself where it is a plain tag, else a tag with this track alone; a new count. */
  private static ByteBuf wholeTag(
      TrackKind kind, EnhancedTag tag, EnhancedTag.Part part, int start, ByteBuf payload) {
    if (start >= 0 && part.from() - start == PLAIN_HEADER) {
      return payload.readerIndex(start).retain();
    }
    int first =
        kind == TrackKind.VIDEO
            ? 0x80 | tag.frameType() << 4 | tag.packetType()
            : AudioTagHeader.ENHANCED << 4 | tag.packetType();
    return PooledByteBufAllocator.DEFAULT
        .directBuffer(PLAIN_HEADER + payload.readableBytes())
        .writeByte(first)
        .writeInt(part.fourCc())
        .writeBytes(payload, payload.readerIndex(), payload.readableBytes());
  }

  private static Codec other(boolean video) {
    return video ? Codec.OTHER_VIDEO : Codec.OTHER_AUDIO;
  }

  /** What the frame type means to the log. */
  static PictureType picture(FrameType frameType) {
    return switch (frameType) {
      case KEY -> PictureType.KEY;
      case DISPOSABLE -> PictureType.DISPOSABLE;
      case GENERATED_KEY -> PictureType.GENERATED_KEY;
      case INTER, COMMAND -> PictureType.INTER;
    };
  }
}
