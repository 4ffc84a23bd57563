package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import manycast.media.amf.AmfValue;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.Standing;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.h264.AvcConfig;
import manycast.media.codec.h264.SequenceParameterSet;
import manycast.media.flv.AudioTagHeader;
import manycast.media.flv.VideoTagHeader;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Owned;
import manycast.media.frame.Timeline;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import manycast.media.rtmp.message.RtmpMessage;
import org.jspecify.annotations.Nullable;

/**
 * Turns the messages of one RTMP publisher into frames on one timeline. A codec config that is
 * repeated unchanged is no frame: some encoders send theirs every few seconds.
 */
final class RtmpFrames {
  private static final int DTS_TICKS_PER_MS = 90;
  private static final int SOUND_ALONE_AFTER_MS = 1_000;

  private final Timeline timeline;
  private byte @Nullable [] videoConfig;
  private byte @Nullable [] audioConfig;
  private byte @Nullable [] metadata;
  private boolean metadataSeen;

  /** Of the encoder that begins a broadcast. */
  RtmpFrames() {
    timeline = new Timeline();
  }

  /** Of an encoder that goes on where this broadcast stands. */
  RtmpFrames(Standing standing) {
    timeline = new Timeline(standing.lastMsOfTrack(), standing.lastArrivalMs());
    videoConfig = standing.configs().get(Track.VIDEO);
    audioConfig = standing.configs().get(Track.AUDIO);
    metadata = standing.configs().get(Track.DATA);
    metadataSeen = metadata != null;
  }

  /** What a message turned out to be. */
  sealed interface Taken {
    record FrameTaken(@Owned Frame frame) implements Taken {}

    /** A frame that also says something about the encoder. */
    record ConfigTaken(@Owned Frame frame, Description description) implements Taken {}

    /** Nothing that would have to be carried. */
    record Nothing() implements Taken {}

    /** Media that this node does not carry. */
    record NotCarried(String code, String text) implements Taken {}
  }

  /** Something to be noted in the figures of the encoder, on their loop. */
  @FunctionalInterface
  interface Description {
    void describe(IngestFigures figures);
  }

  /**
   * Takes an audio message.
   *
   * @throws ProtocolException when its tag header is broken; the body is released then too
   */
  Taken audio(long timestamp, @Owned ByteBuf body, long nowMs) throws ProtocolException {
    boolean kept = false;
    try {
      Taken taken =
          switch (AudioTagHeader.read(body)) {
            case AudioTagHeader.Empty _ -> new Taken.Nothing();
            case AudioTagHeader.Enhanced _ ->
                notCarried("audio_codec", "an Enhanced RTMP audio codec");
            case AudioTagHeader.Other other ->
                notCarried("audio_codec", "audio with FLV sound format " + other.soundFormat());
            case AudioTagHeader.Aac aac -> aac(aac, timestamp, body, nowMs);
          };
      kept = taken instanceof Taken.FrameTaken || taken instanceof Taken.ConfigTaken;
      return taken;
    } finally {
      if (!kept) {
        body.release();
      }
    }
  }

  /**
   * Takes a video message.
   *
   * @throws ProtocolException when its tag header is broken; the body is released then too
   */
  Taken video(long timestamp, @Owned ByteBuf body, long nowMs) throws ProtocolException {
    boolean kept = false;
    try {
      Taken taken =
          switch (VideoTagHeader.read(body)) {
            case VideoTagHeader.Empty _, VideoTagHeader.PlayerCommand _ -> new Taken.Nothing();
            case VideoTagHeader.Enhanced _ ->
                notCarried("video_codec", "an Enhanced RTMP video codec");
            case VideoTagHeader.Other other ->
                notCarried("video_codec", "video with FLV codecId " + other.codecId());
            case VideoTagHeader.Avc avc -> avc(avc, timestamp, body, nowMs);
          };
      kept = taken instanceof Taken.FrameTaken || taken instanceof Taken.ConfigTaken;
      return taken;
    } finally {
      if (!kept) {
        body.release();
      }
    }
  }

  /**
   * Takes a data message: metadata is carried, in one form whatever form it came in; all else is
   * not.
   */
  Taken data(RtmpMessage.Data data) {
    AmfValue.Fields fields = data.metadata();
    if (fields == null) {
      return new Taken.Nothing();
    }
    ByteBuf payload = Metadata.payload(fields.fields());
    metadataSeen = true;
    byte[] bytes = ByteBufUtil.getBytes(payload);
    if (Arrays.equals(bytes, metadata)) {
      payload.release();
      return new Taken.Nothing();
    }
    metadata = bytes;
    Frame frame = metadataFrame(payload);
    Double rate = fields.number("framerate");
    return new Taken.ConfigTaken(
        frame, figures -> figures.frameRate(rate == null ? figures.frameRate() : rate));
  }

  /**
   * The metadata that destinations expect before this frame, made of what the codec configs say,
   * where the encoder has sent none; null where nothing is missing, and before a keyframe or, with
   * no picture announced, a second of sound.
   *
   * @param encoder how the encoder names itself; may be empty
   */
  @Nullable Frame missingMetadata(Frame before, String encoder) {
    boolean begins =
        before.keyframe()
            || (videoConfig == null && before.isMedia() && before.dtsMs() >= SOUND_ALONE_AFTER_MS);
    if (metadataSeen || !begins) {
      return null;
    }
    metadataSeen = true;
    return metadataFrame(Metadata.payload(Metadata.fields(videoConfig, audioConfig, encoder)));
  }

  private Frame metadataFrame(@Owned ByteBuf payload) {
    return frame(
        Track.DATA, FrameKind.METADATA, Codec.AMF0, timeline.configMs(TrackKind.DATA), payload);
  }

  private Taken aac(AudioTagHeader.Aac header, long timestamp, ByteBuf body, long nowMs) {
    body.skipBytes(header.length());
    if (!body.isReadable()) {
      return new Taken.Nothing();
    }
    return switch (header.packetType()) {
      case ACCESS_UNIT -> {
        long ms = timeline.mediaMs(TrackKind.AUDIO, (int) timestamp, nowMs);
        yield new Taken.FrameTaken(frame(Track.AUDIO, FrameKind.MEDIA, Codec.AAC, ms, body));
      }
      case CODEC_CONFIG -> {
        byte[] config = ByteBufUtil.getBytes(body);
        if (Arrays.equals(config, audioConfig)) {
          yield new Taken.Nothing();
        }
        audioConfig = config;
        long ms = timeline.configMs(TrackKind.AUDIO);
        yield new Taken.ConfigTaken(
            frame(Track.AUDIO, FrameKind.CONFIG, Codec.AAC, ms, body),
            figures -> figures.audio(Codec.AAC));
      }
    };
  }

  private Taken avc(VideoTagHeader.Avc header, long timestamp, ByteBuf body, long nowMs) {
    body.skipBytes(header.length());
    if (!body.isReadable()) {
      return new Taken.Nothing();
    }
    return switch (header.packetType()) {
      case END_OF_SEQUENCE -> new Taken.Nothing();
      case ACCESS_UNIT -> {
        long ms = timeline.mediaMs(TrackKind.VIDEO, (int) timestamp, nowMs);
        yield new Taken.FrameTaken(
            new Frame(
                Track.VIDEO,
                FrameKind.MEDIA,
                Codec.H264,
                ms * DTS_TICKS_PER_MS,
                header.compositionOffsetMs() * DTS_TICKS_PER_MS,
                header.frameType() == VideoTagHeader.FrameType.KEY,
                header.frameType() == VideoTagHeader.FrameType.DISPOSABLE,
                body));
      }
      case CODEC_CONFIG -> {
        byte[] config = ByteBufUtil.getBytes(body);
        if (Arrays.equals(config, videoConfig)) {
          yield new Taken.Nothing();
        }
        videoConfig = config;
        Description description = describe(body);
        long ms = timeline.configMs(TrackKind.VIDEO);
        yield new Taken.ConfigTaken(
            frame(Track.VIDEO, FrameKind.CONFIG, Codec.H264, ms, body), description);
      }
    };
  }

  /** Picture size and rate, where the parameter set can be read: it is carried either way. */
  private static Description describe(ByteBuf config) {
    try {
      AvcConfig avc = AvcConfig.read(config);
      if (!avc.sequenceParameterSets().isEmpty()) {
        SequenceParameterSet picture =
            SequenceParameterSet.read(avc.sequenceParameterSets().getFirst());
        return figures -> {
          figures.video(Codec.H264, picture.width(), picture.height());
          if (figures.frameRate() == 0) {
            figures.frameRate(picture.frameRate());
          }
        };
      }
    } catch (ProtocolException unreadable) {
      String words = "The encoder's H.264 settings cannot be read: " + unreadable.getMessage();
      return figures -> {
        figures.video(Codec.H264, 0, 0);
        figures.warn("video_config", words);
      };
    }
    return figures -> figures.video(Codec.H264, 0, 0);
  }

  private static Taken notCarried(String code, String what) {
    return new Taken.NotCarried(
        code,
        "The encoder sends "
            + what
            + ", which is not carried: set it to H.264 video and AAC audio.");
  }

  private static Frame frame(
      Track track, FrameKind kind, Codec codec, long ms, @Owned ByteBuf payload) {
    return new Frame(track, kind, codec, ms * DTS_TICKS_PER_MS, 0, false, false, payload);
  }
}
