package manycast.media.codec.hevc;

import manycast.media.bytes.BitReader;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.EmulationPrevention;

/** Reads HEVC's parameter sets, given as NAL units with their headers (H.265 §7.3.2). */
public final class HevcParameterSets {
  private static final int NAL_HEADER_BITS = 16;
  private static final int VIDEO_PARAMETER_SET = 32;
  private static final int SEQUENCE_PARAMETER_SET = 33;
  private static final int LARGEST_SIDE = 1 << 16;
  private static final int EXTENDED_SAR = 255;

  private HevcParameterSets() {}

  /**
   * What a sequence parameter set tells.
   *
   * @param width in pixels, within the conformance window
   * @param height in pixels, within the conformance window
   * @param reordered pictures may be shown in another order than they are decoded in
   * @param frameRate pictures a second from the VUI; 0 when it is absent or not plausible
   */
  public record Sequence(
      int width, int height, int bitDepth, boolean reordered, double frameRate) {}

  /**
   * Reads a sequence parameter set (H.265 §7.3.2.2).
   *
   * @throws ProtocolException when it is another NAL unit, ends too early or names an absurd size
   */
  public static Sequence readSequence(byte[] nalUnit) throws ProtocolException {
    BitReader in = open(nalUnit, SEQUENCE_PARAMETER_SET, "sequence parameter set");
    in.skip(4); // sps_video_parameter_set_id
    int subLayers = (int) in.bits(3); // beside the base
    in.skip(1); // sps_temporal_id_nesting_flag
    skipProfileTierLevel(in, subLayers);
    in.unsignedExpGolomb(); // sps_seq_parameter_set_id
    long chromaFormat = in.unsignedExpGolomb();
    boolean separatePlanes = chromaFormat == 3 && in.bit();
    long width = in.unsignedExpGolomb();
    long height = in.unsignedExpGolomb();
    if (in.bit()) {
      int unitX = chromaFormat == 1 || chromaFormat == 2 ? 2 : 1;
      int unitY = chromaFormat == 1 ? 2 : 1;
      width -= unitX * (in.unsignedExpGolomb() + in.unsignedExpGolomb());
      height -= unitY * (in.unsignedExpGolomb() + in.unsignedExpGolomb());
    }
    if (width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE) {
      throw new ProtocolException(
          "picture of %d x %d: 1 to %d each (H.265 §7.4.3.2.1)"
              .formatted(width, height, LARGEST_SIDE));
    }
    int bitDepth = 8 + (int) Math.min(8, in.unsignedExpGolomb());
    in.unsignedExpGolomb(); // bit_depth_chroma_minus8
    long picOrderBits = in.unsignedExpGolomb() + 4;
    boolean reordered = readOrdering(in, subLayers);
    double frameRate;
    try {
      frameRate = readFrameRate(in, (int) Math.min(32, picOrderBits), separatePlanes);
    } catch (ProtocolException truncated) {
      // What comes so late is only needed for the rate; the picture's size stands all the same.
      frameRate = 0;
    }
    return new Sequence((int) width, (int) height, bitDepth, reordered, frameRate);
  }

  /**
   * Pictures a second from the timing of a video parameter set (H.265 §7.3.2.1), or 0.
   *
   * @throws ProtocolException when it is another NAL unit or ends too early
   */
  public static double readVideoFrameRate(byte[] nalUnit) throws ProtocolException {
    BitReader in = open(nalUnit, VIDEO_PARAMETER_SET, "video parameter set");
    in.skip(4 + 2 + 6); // id, base layer flags, vps_max_layers_minus1
    int subLayers = (int) in.bits(3);
    in.skip(1 + 16); // nesting flag, reserved
    skipProfileTierLevel(in, subLayers);
    readOrdering(in, subLayers);
    int highestLayer = (int) in.bits(6);
    long layerSets = in.unsignedExpGolomb();
    if (layerSets > 1023) {
      throw new ProtocolException(layerSets + " layer sets: at most 1023 (H.265 §7.4.3.1)");
    }
    for (long i = 0; i < layerSets; i++) {
      in.skip(highestLayer + 1);
    }
    return in.bit() ? rate(in) : 0;
  }

  private static BitReader open(byte[] nalUnit, int type, String name) throws ProtocolException {
    if (nalUnit.length < 2 || (nalUnit[0] >> 1 & 0x3F) != type) {
      throw new ProtocolException("no " + name + ": NAL type " + type + " (H.265 §7.4.2.2)");
    }
    BitReader in = new BitReader(EmulationPrevention.removedFrom(nalUnit));
    in.skip(NAL_HEADER_BITS);
    return in;
  }

  /** H.265 §7.3.3. */
  private static void skipProfileTierLevel(BitReader in, int subLayers) throws ProtocolException {
    in.skip(88 + 8);
    boolean[] profile = new boolean[subLayers];
    boolean[] level = new boolean[subLayers];
    for (int i = 0; i < subLayers; i++) {
      profile[i] = in.bit();
      level[i] = in.bit();
    }
    if (subLayers > 0) {
      in.skip(2 * (8 - subLayers));
    }
    for (int i = 0; i < subLayers; i++) {
      in.skip((profile[i] ? 88 : 0) + (level[i] ? 8 : 0));
    }
  }

  /** Whether the highest sub-layer may reorder pictures. */
  private static boolean readOrdering(BitReader in, int subLayers) throws ProtocolException {
    long reordered = 0;
    for (int i = in.bit() ? 0 : subLayers; i <= subLayers; i++) {
      in.unsignedExpGolomb(); // max_dec_pic_buffering_minus1
      reordered = in.unsignedExpGolomb();
      in.unsignedExpGolomb(); // max_latency_increase_plus1
    }
    return reordered > 0;
  }

  private static double readFrameRate(BitReader in, int picOrderBits, boolean separatePlanes)
      throws ProtocolException {
    for (int i = 0; i < 6; i++) {
      in.unsignedExpGolomb(); // sizes of coding and transform blocks, transform depths
    }
    boolean scaled = in.bit();
    if (scaled && in.bit()) { // and the lists are told
      skipScalingLists(in, separatePlanes);
    }
    in.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
    if (in.bit()) {
      in.skip(8); // PCM sample depths
      in.unsignedExpGolomb();
      in.unsignedExpGolomb();
      in.skip(1);
    }
    skipShortTermSets(in);
    if (in.bit()) {
      long longTerm = in.unsignedExpGolomb();
      if (longTerm > 32) {
        throw new ProtocolException(longTerm + " long-term pictures: at most 32 (H.265 §7.4.3.2)");
      }
      in.skip((int) longTerm * (picOrderBits + 1));
    }
    in.skip(2); // temporal motion vectors, strong intra smoothing
    return in.bit() ? readVuiFrameRate(in) : 0;
  }

  /** H.265 §7.3.4. */
  private static void skipScalingLists(BitReader in, boolean separatePlanes)
      throws ProtocolException {
    for (int size = 0; size < 4; size++) {
      int step = size == 3 && !separatePlanes ? 3 : 1;
      for (int matrix = 0; matrix < 6; matrix += step) {
        if (!in.bit()) {
          in.unsignedExpGolomb(); // scaling_list_pred_matrix_id_delta
          continue;
        }
        if (size > 1) {
          in.signedExpGolomb(); // scaling_list_dc_coef_minus8
        }
        for (int i = Math.min(64, 1 << (4 + size * 2)); i > 0; i--) {
          in.signedExpGolomb(); // scaling_list_delta_coef
        }
      }
    }
  }

  /** H.265 §7.3.7: a set may be told as a difference from the one before it. */
  private static void skipShortTermSets(BitReader in) throws ProtocolException {
    long sets = in.unsignedExpGolomb();
    if (sets > 64) {
      throw new ProtocolException(sets + " reference picture sets: at most 64 (H.265 §7.4.3.2.1)");
    }
    long pictures = 0;
    for (int set = 0; set < sets; set++) {
      if (set > 0 && in.bit()) {
        in.skip(1); // delta_rps_sign
        in.unsignedExpGolomb(); // abs_delta_rps_minus1
        long before = pictures;
        pictures = 0;
        for (long i = 0; i <= before; i++) {
          boolean used = in.bit();
          if (used || in.bit()) {
            pictures++;
          }
        }
      } else {
        pictures = in.unsignedExpGolomb() + in.unsignedExpGolomb();
        if (pictures > 32) {
          throw new ProtocolException(pictures + " reference pictures: at most 32 (H.265 §7.4.8)");
        }
        for (long i = 0; i < pictures; i++) {
          in.unsignedExpGolomb();
          in.skip(1);
        }
      }
    }
  }

  /** H.265 §E.2.1, up to the timing. */
  private static double readVuiFrameRate(BitReader in) throws ProtocolException {
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
    in.skip(3); // neutral chroma, field sequence, frame and field information
    if (in.bit()) {
      for (int i = 0; i < 4; i++) {
        in.unsignedExpGolomb(); // default display window
      }
    }
    return in.bit() ? rate(in) : 0;
  }

  private static double rate(BitReader in) throws ProtocolException {
    long unitsInTick = in.bits(32);
    long timescale = in.bits(32);
    double rate = unitsInTick == 0 ? 0 : (double) timescale / unitsInTick;
    return rate >= 1 && rate <= 1000 ? rate : 0;
  }
}
