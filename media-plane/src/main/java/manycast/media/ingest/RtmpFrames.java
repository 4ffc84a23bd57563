package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.function.Supplier;
import manycast.media.amf.AmfValue;
import manycast.media.broadcast.Standing;
import manycast.media.bytes.ProtocolException;
import manycast.media.flv.AudioTagHeader;
import manycast.media.flv.EnhancedTag;
import manycast.media.flv.VideoTagHeader;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Owned;
import manycast.media.frame.PictureType;
import manycast.media.frame.Timeline;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import manycast.media.ingest.TrackDescriptions.Description;
import manycast.media.rtmp.message.RtmpMessage;
import org.jspecify.annotations.Nullable;

/**
 * Turns the messages of one RTMP publisher into frames on one timeline: legacy and Enhanced RTMP
 * tags, one track or many. A codec config that is repeated unchanged is no frame: some encoders
 * send theirs every few seconds.
 */
final class RtmpFrames {
  private static final int SOUND_ALONE_AFTER_MS = 1_000;

  private final Timeline timeline;
  private final TrackFrames tracks;
  private final EnhancedFrames enhanced;
  private final ChangeLimit metadataChanges = new ChangeLimit();
  private byte @Nullable [] metadata;
  private boolean metadataSeen;

  /** Of the encoder that begins a broadcast. */
  RtmpFrames() {
    this(new Timeline());
  }

  /** Of an encoder that goes on where this broadcast stands. */
  RtmpFrames(Standing standing) {
    this(new Timeline(standing.lastMsOfTrack(), standing.lastArrivalMs()));
    standing.configs().forEach(tracks::restore);
    metadata = standing.configs().get(Track.DATA);
    metadataSeen = metadata != null;
  }

  private RtmpFrames(Timeline timeline) {
    this.timeline = timeline;
    this.tracks = new TrackFrames(timeline);
    this.enhanced = new EnhancedFrames(tracks, timeline);
  }

  /** Where the messages' times are brought in order. */
  Timeline timeline() {
    return timeline;
  }

  /**
   * Takes an audio message.
   *
   * @throws ProtocolException when its tag header is broken; the body is released then too
   */
  Taken audio(long timestamp, @Owned ByteBuf body, long nowMs) throws ProtocolException {
    try {
      return switch (AudioTagHeader.read(body)) {
        case AudioTagHeader.Empty _ -> Taken.NOTHING;
        case AudioTagHeader.Aac aac -> aac(aac, (int) timestamp, body, nowMs);
        case AudioTagHeader.Other(int format) -> other(format, (int) timestamp, body, nowMs);
        case AudioTagHeader.Enhanced(EnhancedTag tag) ->
            enhanced.take(TrackKind.AUDIO, tag, (int) timestamp, body, nowMs);
      };
    } finally {
      body.release();
    }
  }

  /**
   * Takes a video message.
   *
   * @throws ProtocolException when its tag header is broken; the body is released then too
   */
  Taken video(long timestamp, @Owned ByteBuf body, long nowMs) throws ProtocolException {
    try {
      return switch (VideoTagHeader.read(body)) {
        case VideoTagHeader.Empty _, VideoTagHeader.PlayerCommand _ -> Taken.NOTHING;
        case VideoTagHeader.Avc avc -> avc(avc, (int) timestamp, body, nowMs);
        case VideoTagHeader.Other other -> other(other, (int) timestamp, body, nowMs);
        case VideoTagHeader.Enhanced(EnhancedTag tag) ->
            enhanced.take(TrackKind.VIDEO, tag, (int) timestamp, body, nowMs);
      };
    } finally {
      body.release();
    }
  }

  /**
   * Takes a data message: metadata is carried, in one form whatever form it came in; all else is
   * not.
   */
  Taken data(RtmpMessage.Data data, long nowMs) {
    AmfValue.Fields fields = data.metadata();
    if (fields == null) {
      return Taken.NOTHING;
    }
    ByteBuf payload = Metadata.payload(fields.fields());
    metadataSeen = true;
    byte[] bytes = ByteBufUtil.getBytes(payload);
    if (Arrays.equals(bytes, metadata)) {
      payload.release();
      return Taken.NOTHING;
    }
    if (!metadataChanges.allows(nowMs)) {
      payload.release();
      return TrackFrames.tooMuchMetadata();
    }
    metadata = bytes;
    Frame frame = metadataFrame(payload);
    Double rate = fields.number("framerate");
    return new Taken.ConfigTaken(
        frame,
        rate == null
            ? Description.NOTHING
            : figures -> figures.track(Track.VIDEO).announceFrameRate(rate));
  }

  /**
   * The metadata that destinations expect before this frame, made of what the codec configs say,
   * where the encoder has sent none; null where nothing is missing, and before a keyframe or, with
   * no picture announced, a second of sound.
   *
   * @param encoder how the encoder names itself; may be empty
   */
  @Nullable Frame missingMetadata(Frame before, String encoder) {
    TrackState video = tracks.known(Track.VIDEO);
    boolean begins =
        before.keyframe()
            || (video == null && before.isMedia() && before.dtsMs() >= SOUND_ALONE_AFTER_MS);
    if (metadataSeen || !begins) {
      return null;
    }
    metadataSeen = true;
    return metadataFrame(
        Metadata.payload(Metadata.fields(video, tracks.known(Track.AUDIO), encoder)));
  }

  private Frame metadataFrame(@Owned ByteBuf payload) {
    return new Frame(
        Track.DATA,
        FrameKind.METADATA,
        Codec.AMF0,
        timeline.configMs(Track.DATA) * TrackFrames.DTS_TICKS_PER_MS,
        0,
        PictureType.NONE,
        payload);
  }

  private Taken aac(AudioTagHeader.Aac header, int timestamp, ByteBuf body, long nowMs) {
    TrackState state = tracks.open(TrackKind.AUDIO, 0);
    if (state == null) {
      return TrackFrames.tooManyTracks(TrackKind.AUDIO);
    }
    body.skipBytes(AudioTagHeader.Aac.LENGTH);
    return switch (header.packetType()) {
      case CODEC_CONFIG -> tracks.config(state, Codec.AAC, body, nowMs);
      case ACCESS_UNIT -> {
        long ms = timeline.mediaMs(Track.AUDIO, timestamp, nowMs);
        yield tracks.media(state, Codec.AAC, ms, 0, PictureType.NONE, body);
      }
    };
  }

  private Taken avc(VideoTagHeader.Avc header, int timestamp, ByteBuf body, long nowMs) {
    TrackState state = tracks.open(TrackKind.VIDEO, 0);
    if (state == null) {
      return TrackFrames.tooManyTracks(TrackKind.VIDEO);
    }
    Codec codec =
        switch (header.codecId()) {
          case VideoTagHeader.HEVC -> Codec.HEVC;
          case VideoTagHeader.AV1 -> Codec.AV1;
          default -> Codec.H264;
        };
    body.skipBytes(VideoTagHeader.Avc.LENGTH);
    return switch (header.packetType()) {
      case END_OF_SEQUENCE -> Taken.NOTHING;
      case CODEC_CONFIG -> tracks.config(state, codec, body, nowMs);
      case ACCESS_UNIT -> {
        if (!body.isReadable()) {
          yield Taken.NOTHING;
        }
        long ms = timeline.mediaMs(Track.VIDEO, timestamp, nowMs);
        int offset = header.compositionOffsetMs() * TrackFrames.DTS_TICKS_PER_MS;
        PictureType picture = EnhancedFrames.picture(header.frameType());
        yield tracks.media(state, codec, ms, offset, picture, body);
      }
    };
  }

  private Taken other(int soundFormat, int timestamp, ByteBuf body, long nowMs) {
    TrackState state = tracks.open(TrackKind.AUDIO, 0);
    if (state == null) {
      return TrackFrames.tooManyTracks(TrackKind.AUDIO);
    }
    boolean mp3 = soundFormat == AudioTagHeader.MP3 || soundFormat == AudioTagHeader.MP3_8K;
    Codec codec = mp3 ? Codec.MP3 : Codec.OTHER_AUDIO;
    Supplier<Description> firstTime =
        () ->
            mp3
                ? TrackDescriptions.ofFrame(Track.AUDIO, codec, null, body.slice().skipBytes(1))
                : TrackDescriptions.ofUnknown(
                    Track.AUDIO, codec, "audio with FLV sound format " + soundFormat);
    long ms = timeline.mediaMs(Track.AUDIO, timestamp, nowMs);
    return tracks.mediaInItsTag(state, codec, ms, PictureType.NONE, firstTime, body);
  }

  private Taken other(VideoTagHeader.Other header, int timestamp, ByteBuf body, long nowMs) {
    TrackState state = tracks.open(TrackKind.VIDEO, 0);
    if (state == null) {
      return TrackFrames.tooManyTracks(TrackKind.VIDEO);
    }
    Supplier<Description> firstTime =
        () ->
            TrackDescriptions.ofUnknown(
                Track.VIDEO, Codec.OTHER_VIDEO, "video with FLV codecId " + header.codecId());
    long ms = timeline.mediaMs(Track.VIDEO, timestamp, nowMs);
    PictureType picture = EnhancedFrames.picture(header.frameType());
    return tracks.mediaInItsTag(state, Codec.OTHER_VIDEO, ms, picture, firstTime, body);
  }
}
