package manycast.media.codec.h264;

import manycast.media.bytes.BitReader;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.EmulationPrevention;

/**
 * What a sequence parameter set tells about a picture (H.264 §7.3.2.1.1, §E.1.1).
 *
 * @param width in pixels after cropping
 * @param height in pixels after cropping
 * @param frameRate frames a second from the VUI timing; 0 when it is absent or not plausible
 */
public record SequenceParameterSet(
    int profile, int constraints, int level, int width, int height, double frameRate) {
  private static final int NAL_TYPE = 7;
  private static final int EXTENDED_SAR = 255;
  private static final int MAX_MACROBLOCKS = 1 << 12;

  /**
   * Reads a NAL unit of type 7, its header included.
   *
   * @throws ProtocolException when it is another NAL unit, ends too early or names an absurd size
   */
  public static SequenceParameterSet read(byte[] nalUnit) throws ProtocolException {
    if (nalUnit.length < 4 || (nalUnit[0] & 0x1F) != NAL_TYPE) {
      throw new ProtocolException("no sequence parameter set: NAL type 7 (H.264 §7.4.1)");
    }
    BitReader in = new BitReader(EmulationPrevention.removedFrom(nalUnit));
    in.skip(8);
    int profile = (int) in.bits(8);
    int constraints = (int) in.bits(8);
    int level = (int) in.bits(8);
    in.unsignedExpGolomb(); // seq_parameter_set_id
    int chromaFormat = hasChromaFormat(profile) ? readChromaFormat(in) : 1;
    skipPictureOrder(in);
    in.unsignedExpGolomb(); // max_num_ref_frames
    in.skip(1); // gaps_in_frame_num_value_allowed_flag
    long widthInMacroblocks = in.unsignedExpGolomb() + 1;
    long heightInMapUnits = in.unsignedExpGolomb() + 1;
    if (widthInMacroblocks > MAX_MACROBLOCKS || heightInMapUnits > MAX_MACROBLOCKS) {
      throw new ProtocolException(
          "picture of %d x %d macroblocks: at most %d each"
              .formatted(widthInMacroblocks, heightInMapUnits, MAX_MACROBLOCKS));
    }
    boolean framesOnly = in.bit();
    if (!framesOnly) {
      in.skip(1); // mb_adaptive_frame_field_flag
    }
    in.skip(1); // direct_8x8_inference_flag
    int fieldFactor = framesOnly ? 1 : 2;
    Crop crop = in.bit() ? Crop.read(in, chromaFormat, fieldFactor) : new Crop(0, 0);
    long width = widthInMacroblocks * 16 - crop.horizontal;
    long height = heightInMapUnits * 16 * fieldFactor - crop.vertical;
    if (width < 1 || height < 1) {
      throw new ProtocolException("picture cropped to nothing (H.264 §7.4.2.1.1)");
    }
    double frameRate = in.bit() ? readFrameRate(in) : 0;
    return new SequenceParameterSet(
        profile, constraints, level, (int) width, (int) height, frameRate);
  }

  private record Crop(long horizontal, long vertical) {
    /** The offsets count in units of the chroma samples (H.264 §7.4.2.1.1). */
    static Crop read(BitReader in, int chromaFormat, int fieldFactor) throws ProtocolException {
      long horizontal = in.unsignedExpGolomb() + in.unsignedExpGolomb();
      long vertical = in.unsignedExpGolomb() + in.unsignedExpGolomb();
      int unitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1;
      int unitY = (chromaFormat == 1 ? 2 : 1) * fieldFactor;
      return new Crop(horizontal * unitX, vertical * unitY);
    }
  }

  private static boolean hasChromaFormat(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  private static int readChromaFormat(BitReader in) throws ProtocolException {
    int chromaFormat = (int) in.unsignedExpGolomb();
    if (chromaFormat == 3) {
      in.skip(1); // separate_colour_plane_flag
    }
    in.unsignedExpGolomb(); // bit_depth_luma_minus8
    in.unsignedExpGolomb(); // bit_depth_chroma_minus8
    in.skip(1); // qpprime_y_zero_transform_bypass_flag
    if (in.bit()) {
      int lists = chromaFormat == 3 ? 12 : 8;
      for (int i = 0; i < lists; i++) {
        if (in.bit()) {
          skipScalingList(in, i < 6 ? 16 : 64);
        }
      }
    }
    return chromaFormat;
  }

  private static void skipScalingList(BitReader in, int size) throws ProtocolException {
    long last = 8;
    long next = 8;
    for (int i = 0; i < size; i++) {
      if (next != 0) {
        next = (last + in.signedExpGolomb()) & 0xFF;
      }
      last = next == 0 ? last : next;
    }
  }

  private static void skipPictureOrder(BitReader in) throws ProtocolException {
    in.unsignedExpGolomb(); // log2_max_frame_num_minus4
    long type = in.unsignedExpGolomb();
    if (type == 0) {
      in.unsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
    } else if (type == 1) {
      in.skip(1); // delta_pic_order_always_zero_flag
      in.signedExpGolomb(); // offset_for_non_ref_pic
      in.signedExpGolomb(); // offset_for_top_to_bottom_field
      long cycle = in.unsignedExpGolomb();
      if (cycle > 255) {
        throw new ProtocolException(
            "picture order cycle of " + cycle + ": at most 255 (H.264 §7.4.2.1.1)");
      }
      for (long i = 0; i < cycle; i++) {
        in.signedExpGolomb(); // offset_for_ref_frame
      }
    }
  }

  /** A VUI that is cut off says nothing about time; the picture's size stands all the same. */
  private static double readFrameRate(BitReader in) {
    try {
      if (in.bit() && in.bits(8) == EXTENDED_SAR) {
        in.skip(32);
      }
      if (in.bit()) {
        in.skip(1); // overscan_appropriate_flag
      }
      if (in.bit()) {
        in.skip(4); // video_format, video_full_range_flag
        if (in.bit()) {
          in.skip(24); // colour description
        }
      }
      if (in.bit()) {
        in.unsignedExpGolomb(); // chroma_sample_loc_type_top_field
        in.unsignedExpGolomb(); // chroma_sample_loc_type_bottom_field
      }
      if (!in.bit()) {
        return 0;
      }
      long unitsInTick = in.bits(32);
      long timescale = in.bits(32);
      double rate = unitsInTick == 0 ? 0 : timescale / (2.0 * unitsInTick);
      return rate >= 1 && rate <= 1000 ? rate : 0;
    } catch (ProtocolException truncated) {
      return 0;
    }
  }
}
