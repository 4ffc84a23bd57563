package manycast.media.codec;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.aac.AudioSpecificConfig;
import manycast.media.codec.ac3.Ac3Frame;
import manycast.media.codec.av1.Av1Config;
import manycast.media.codec.av1.Av1SequenceHeader;
import manycast.media.codec.flac.FlacStreamInfo;
import manycast.media.codec.h264.AvcConfig;
import manycast.media.codec.h264.SequenceParameterSet;
import manycast.media.codec.hevc.HevcConfig;
import manycast.media.codec.hevc.HevcParameterSets;
import manycast.media.codec.mp3.MpegAudioFrame;
import manycast.media.codec.opus.OpusHead;
import manycast.media.codec.vp9.Vp9Config;
import manycast.media.codec.vp9.Vp9Keyframe;
import manycast.media.frame.Codec;

/**
 * What a track's codec config, or its first access unit where there is no config, tells people.
 * Buffers are lent and their indices stay as they are.
 */
public final class CodecConfigs {
  private CodecConfigs() {}

  /**
   * Describes the pictures of a track by its config.
   *
   * @throws ProtocolException when the config cannot be read
   */
  public static VideoDescription video(Codec codec, ByteBuf config) throws ProtocolException {
    return switch (codec) {
      case H264 -> h264(AvcConfig.read(config));
      case HEVC -> hevc(HevcConfig.read(config));
      case AV1 -> av1(Av1Config.read(config));
      case VP9 -> {
        Vp9Config vp9 = Vp9Config.read(config);
        yield new VideoDescription(
            Integer.toString(vp9.profile()),
            vp9.level() == 0 ? "" : tenths(vp9.level()),
            0,
            0,
            0,
            vp9.bitDepth(),
            false);
      }
      default -> VideoDescription.UNKNOWN;
    };
  }

  /**
   * What the keyframe of a codec adds whose config tells no size.
   *
   * @throws ProtocolException when the keyframe cannot be read
   */
  public static VideoDescription withKeyframe(Codec codec, VideoDescription known, ByteBuf keyframe)
      throws ProtocolException {
    if (codec != Codec.VP9 || known.width() > 0) {
      return known;
    }
    Vp9Keyframe head = Vp9Keyframe.read(keyframe);
    return new VideoDescription(
        known.profile(),
        known.level(),
        head.width(),
        head.height(),
        known.frameRate(),
        known.bitDepth(),
        known.reordered());
  }

  /**
   * Describes the sound of a track by its config.
   *
   * @throws ProtocolException when the config cannot be read
   */
  public static AudioDescription audio(Codec codec, ByteBuf config) throws ProtocolException {
    return switch (codec) {
      case AAC -> {
        AudioSpecificConfig aac = AudioSpecificConfig.read(config);
        yield new AudioDescription(aacProfile(aac.objectType()), aac.sampleRate(), aac.channels());
      }
      case OPUS -> {
        // It may be left out (ERTMP, Enhanced Audio).
        int channels = config.isReadable() ? OpusHead.read(config).channels() : 0;
        yield new AudioDescription("", OpusHead.DECODED_RATE, channels);
      }
      case FLAC -> {
        FlacStreamInfo flac = FlacStreamInfo.read(config);
        yield new AudioDescription("", flac.sampleRate(), flac.channels());
      }
      default -> AudioDescription.UNKNOWN;
    };
  }

  /**
   * Describes the sound of a track that has no config by one of its access units.
   *
   * @throws ProtocolException when the access unit cannot be read
   */
  public static AudioDescription audioFrame(Codec codec, ByteBuf accessUnit)
      throws ProtocolException {
    return switch (codec) {
      case AC3, EAC3 -> {
        Ac3Frame frame = Ac3Frame.read(accessUnit);
        yield new AudioDescription("", frame.sampleRate(), frame.channels());
      }
      case MP3 -> {
        MpegAudioFrame frame = MpegAudioFrame.read(accessUnit);
        yield new AudioDescription("", frame.sampleRate(), frame.channels());
      }
      default -> AudioDescription.UNKNOWN;
    };
  }

  private static VideoDescription h264(AvcConfig config) throws ProtocolException {
    String profile = h264Profile(config.profile(), config.compatibility());
    String level = h264Level(config);
    if (config.sequenceParameterSets().isEmpty()) {
      return new VideoDescription(profile, level, 0, 0, 0, 0, false);
    }
    SequenceParameterSet set = SequenceParameterSet.read(config.sequenceParameterSets().getFirst());
    int bitDepth = config.profile() == 66 || config.profile() == 77 ? 8 : 0;
    return new VideoDescription(
        profile, level, set.width(), set.height(), set.frameRate(), bitDepth, false);
  }

  private static VideoDescription hevc(HevcConfig config) throws ProtocolException {
    String profile = hevcProfile(config.profile());
    String level = tenths(config.level() / 3) + (config.highTier() ? " high tier" : "");
    if (config.sequenceParameterSet().isEmpty()) {
      return new VideoDescription(profile, level, 0, 0, 0, 0, false);
    }
    HevcParameterSets.Sequence set =
        HevcParameterSets.readSequence(config.sequenceParameterSet().get());
    double frameRate = set.frameRate();
    if (frameRate == 0 && config.videoParameterSet().isPresent()) {
      frameRate = HevcParameterSets.readVideoFrameRate(config.videoParameterSet().get());
    }
    return new VideoDescription(
        profile, level, set.width(), set.height(), frameRate, set.bitDepth(), set.reordered());
  }

  private static VideoDescription av1(Av1Config config) throws ProtocolException {
    String profile =
        switch (config.profile()) {
          case 0 -> "Main";
          case 1 -> "High";
          case 2 -> "Professional";
          default -> Integer.toString(config.profile());
        };
    if (config.sequenceHeader().isEmpty()) {
      return new VideoDescription(profile, config.level(), 0, 0, 0, config.bitDepth(), false);
    }
    Av1SequenceHeader header = Av1SequenceHeader.read(config.sequenceHeader().get());
    return new VideoDescription(
        profile,
        config.level(),
        header.width(),
        header.height(),
        header.frameRate(),
        config.bitDepth(),
        false);
  }

  /** H.264 annex A.2. */
  private static String h264Profile(int profile, int constraints) {
    return switch (profile) {
      case 66 -> (constraints & 0x40) != 0 ? "Constrained Baseline" : "Baseline";
      case 77 -> "Main";
      case 88 -> "Extended";
      case 100 -> "High";
      case 110 -> "High 10";
      case 122 -> "High 4:2:2";
      case 244 -> "High 4:4:4";
      default -> Integer.toString(profile);
    };
  }

  /** H.264 §A.3.1: level 1b hides behind 11. */
  private static String h264Level(AvcConfig config) {
    boolean b =
        config.level() == 11 && (config.compatibility() & 0x10) != 0 && config.profile() < 100;
    return b ? "1b" : tenths(config.level());
  }

  /** H.265 annex A.3. */
  private static String hevcProfile(int profile) {
    return switch (profile) {
      case 1 -> "Main";
      case 2 -> "Main 10";
      case 3 -> "Main Still Picture";
      case 4 -> "Range Extensions";
      default -> Integer.toString(profile);
    };
  }

  /** ISO 14496-3 §1.5.1.1. */
  private static String aacProfile(int objectType) {
    return switch (objectType) {
      case 1 -> "Main";
      case 2 -> "LC";
      case 5 -> "HE-AAC";
      case 29 -> "HE-AAC v2";
      default -> Integer.toString(objectType);
    };
  }

  private static String tenths(int tenths) {
    return tenths / 10 + "." + tenths % 10;
  }
}
