package manycast.media.hls.cmaf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.AudioDescription;
import manycast.media.codec.CodecConfigs;
import manycast.media.codec.VideoDescription;
import manycast.media.codec.aac.AudioSpecificConfig;
import manycast.media.codec.opus.OpusHead;
import manycast.media.frame.Codec;
import org.jspecify.annotations.Nullable;

/** What a player must know of one track before its first sample. */
public sealed interface TrackFormat {
  /** The track's id in the boxes. */
  int id();

  /** Ticks a second of the track's times. */
  int timescale();

  /**
   * How many ticks each sample lasts by its codec; 0 where that differs. Times that came rounded to
   * milliseconds are put right by it.
   */
  int sampleTicks();

  /** The sample entry with its codec config box, in the words of ISO 14496-12 §8.5.2. */
  void writeSampleEntry(BoxWriter out);

  /**
   * Pictures.
   *
   * @param config as it lies in the codec's box
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Video(Codec codec, byte[] config, int width, int height) implements TrackFormat {
    public static final int ID = 1;
    public static final int TIMESCALE = 90_000;
    private static final int VP9_VERSION_AND_FLAGS = 0x0100_0000;

    /** Whether pictures of this codec can be carried. */
    public static boolean carries(Codec codec) {
      return switch (codec) {
        case H264, HEVC, AV1, VP9 -> true;
        default -> false;
      };
    }

    /**
     * The format of a track by its codec config and the keyframe that begins it, both lent.
     *
     * @throws ProtocolException when the config cannot be read
     */
    public static Video of(Codec codec, ByteBuf config, ByteBuf keyframe) throws ProtocolException {
      VideoDescription known =
          CodecConfigs.withKeyframe(codec, CodecConfigs.video(codec, config), keyframe);
      return new Video(codec, ByteBufUtil.getBytes(config), known.width(), known.height());
    }

    @Override
    public int id() {
      return ID;
    }

    @Override
    public int timescale() {
      return TIMESCALE;
    }

    @Override
    public int sampleTicks() {
      return 0;
    }

    @Override
    public void writeSampleEntry(BoxWriter out) {
      String[] names =
          switch (codec) {
            case H264 -> new String[] {"avc1", "avcC"};
            case HEVC -> new String[] {"hvc1", "hvcC"};
            case AV1 -> new String[] {"av01", "av1C"};
            case VP9 -> new String[] {"vp09", "vpcC"};
            default -> throw new IllegalStateException(codec + " is not carried");
          };
      out.box(
          names[0],
          () -> {
            out.zeros(6).u16(1).zeros(16).u16(width).u16(height);
            // 72 dpi, one frame a sample, no compressor's name, 24 bits of colour (§12.1.3).
            out.u32(0x0048_0000).u32(0x0048_0000).u32(0).u16(1).zeros(32).u16(0x18).u16(0xFFFF);
            out.box(names[1], () -> out.bytes(boxContent()));
          });
    }

    private byte[] boxContent() {
      if (codec != Codec.VP9 || Unpooled.wrappedBuffer(config).getInt(0) == VP9_VERSION_AND_FLAGS) {
        return config;
      }
      byte[] full = new byte[4 + config.length];
      full[0] = 1;
      System.arraycopy(config, 0, full, 4, config.length);
      return full;
    }
  }

  /**
   * Sound.
   *
   * @param config as it came; empty where there is none
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Audio(Codec codec, byte[] config, int sampleRate, int channels, int sampleTicks)
      implements TrackFormat {
    public static final int ID = 2;
    private static final int LONGEST_RATE_IN_BOX = 0xFFFF;
    private static final int AAC_SAMPLES = 1024;

    /**
     * What decoders pass over at the start of Opus where its header does not say (RFC 7845 §5.1).
     */
    private static final int USUAL_PRE_SKIP = 312;

    private static final int AAC_OBJECT_TYPE = 0x40;
    private static final int AUDIO_STREAM = 0x15;

    /** Whether sound of this codec can be carried. */
    public static boolean carries(Codec codec) {
      return codec == Codec.AAC || codec == Codec.OPUS;
    }

    /**
     * The format of a track by its codec config, lent; only Opus may have none.
     *
     * @throws ProtocolException when the config cannot be read
     */
    public static Audio of(Codec codec, @Nullable ByteBuf config) throws ProtocolException {
      ByteBuf there = config == null ? Unpooled.EMPTY_BUFFER : config;
      byte[] bytes = ByteBufUtil.getBytes(there);
      AudioDescription known = CodecConfigs.audio(codec, there);
      if (codec == Codec.OPUS) {
        int channels = known.channels() == 0 ? 2 : known.channels();
        return new Audio(codec, bytes, OpusHead.DECODED_RATE, channels, 0);
      }
      // Spectral band replication doubles what comes out of a frame (ISO 14496-3 §4.6.18).
      int objectType = AudioSpecificConfig.read(there).objectType();
      boolean doubled = objectType == 5 || objectType == 29;
      return new Audio(
          codec,
          bytes,
          known.sampleRate(),
          known.channels(),
          doubled ? 2 * AAC_SAMPLES : AAC_SAMPLES);
    }

    @Override
    public int id() {
      return ID;
    }

    @Override
    public int timescale() {
      return sampleRate;
    }

    @Override
    public void writeSampleEntry(BoxWriter out) {
      out.box(
          codec == Codec.AAC ? "mp4a" : "Opus",
          () -> {
            int rateInBox = sampleRate > LONGEST_RATE_IN_BOX ? 0 : sampleRate;
            out.zeros(6).u16(1).zeros(8).u16(channels).u16(16).u32(0).u32(rateInBox << 16);
            if (codec == Codec.AAC) {
              out.fullBox("esds", 0, 0, () -> writeElementaryStream(out));
            } else {
              out.box("dOps", () -> writeOpus(out));
            }
          });
    }

    /** ISO 14496-1 §7.2.6.5: descriptors in each other, with their lengths. */
    private void writeElementaryStream(BoxWriter out) {
      int decoder = 13 + 2 + config.length;
      out.u8(3).u8(3 + 2 + decoder + 3).u16(0).u8(0);
      out.u8(4).u8(decoder).u8(AAC_OBJECT_TYPE).u8(AUDIO_STREAM).zeros(3).u32(0).u32(0);
      out.u8(5).u8(config.length).bytes(config);
      out.u8(6).u8(1).u8(2);
    }

    /**
     * Encapsulation of Opus in ISO BMFF §4.3.2: RFC 7845's header with its numbers turned round.
     */
    private void writeOpus(BoxWriter out) {
      if (config.length == 0) {
        out.u8(0).u8(channels).u16(USUAL_PRE_SKIP).u32(sampleRate).u16(0).u8(0);
        return;
      }
      ByteBuf head = Unpooled.wrappedBuffer(config);
      out.u8(0).u8(head.getUnsignedByte(9)).u16(head.getUnsignedShortLE(10));
      out.u32((int) head.getUnsignedIntLE(12)).u16(head.getUnsignedShortLE(16));
      out.bytes(ByteBufUtil.getBytes(head, 18, head.readableBytes() - 18));
    }
  }
}
