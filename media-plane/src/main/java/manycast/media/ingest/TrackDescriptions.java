package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.TrackFigures;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.AudioDescription;
import manycast.media.codec.CodecConfigs;
import manycast.media.codec.VideoDescription;
import manycast.media.frame.Codec;
import manycast.media.frame.Track;
import org.jspecify.annotations.Nullable;

/**
 * What configs and first access units tell about a track, to be noted in its figures on their loop.
 * What cannot be read is carried all the same and said in a warning.
 */
final class TrackDescriptions {
  private TrackDescriptions() {}

  /** Something to be noted in the figures of the encoder, on their loop. */
  @FunctionalInterface
  interface Description {
    /** There is nothing to note. */
    Description NOTHING = figures -> {};

    void describe(IngestFigures figures);
  }

  /** Of a codec config; the buffer is lent. */
  static Description ofConfig(Track track, Codec codec, ByteBuf config) {
    try {
      if (track.isVideo()) {
        VideoDescription video = CodecConfigs.video(codec, config);
        return figures -> note(figures.track(track), codec, video);
      }
      AudioDescription audio = CodecConfigs.audio(codec, config);
      return figures -> note(figures.track(track), codec, audio);
    } catch (ProtocolException unreadable) {
      String words =
          "The encoder's %s settings cannot be read: %s"
              .formatted(codec.label(), unreadable.getMessage());
      return figures -> {
        figures.track(track).codec(codec, codec.label());
        figures.warn(track.isVideo() ? "video_config" : "audio_config", words);
      };
    }
  }

  /**
   * Of the first access unit that tells something; the buffer is lent.
   *
   * @param config the config before it, or null
   */
  static Description ofFrame(
      Track track, Codec codec, byte @Nullable [] config, ByteBuf accessUnit) {
    try {
      if (track.isAudio()) {
        AudioDescription audio = CodecConfigs.audioFrame(codec, accessUnit);
        return config == null
            ? figures -> note(figures.track(track), codec, audio)
            : Description.NOTHING;
      }
      if (config == null) {
        VideoDescription video =
            CodecConfigs.withKeyframe(codec, VideoDescription.UNKNOWN, accessUnit);
        return figures -> note(figures.track(track), codec, video);
      }
      if (codec != Codec.VP9) {
        return Description.NOTHING;
      }
      VideoDescription known = CodecConfigs.video(codec, Unpooled.wrappedBuffer(config));
      VideoDescription video = CodecConfigs.withKeyframe(codec, known, accessUnit);
      return figures -> note(figures.track(track), codec, video);
    } catch (ProtocolException unreadable) {
      return figures -> figures.track(track).codec(codec, codec.label());
    }
  }

  /** Of a codec that we have no name for. */
  static Description ofUnknown(Track track, Codec codec, String name) {
    return figures -> {
      figures.track(track).codec(codec, name);
      figures.warn(
          track.isVideo() ? "video_codec" : "audio_codec",
          "The encoder sends %s, which only custom destinations can be sent.".formatted(name));
    };
  }

  private static void note(TrackFigures track, Codec codec, VideoDescription video) {
    track.codec(codec, codec.label());
    track.video(video.profile(), video.level(), video.width(), video.height(), video.bitDepth());
    track.announceFrameRate(video.frameRate());
    if (video.reordered()) {
      track.announceReordering();
    }
  }

  private static void note(TrackFigures track, Codec codec, AudioDescription audio) {
    track.codec(codec, codec.label());
    track.audio(audio.profile(), audio.sampleRate(), audio.channels());
  }
}
