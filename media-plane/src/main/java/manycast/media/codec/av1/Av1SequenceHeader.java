package manycast.media.codec.av1;

import manycast.media.bytes.BitReader;
import manycast.media.bytes.ProtocolException;

/**
 * The part of AV1's sequence header that tells about pictures (AV1 §5.5.1).
 *
 * @param width the largest that a picture of it has
 * @param height the largest that a picture of it has
 * @param frameRate pictures a second where they are evenly spaced and it says so; else 0
 */
public record Av1SequenceHeader(int width, int height, double frameRate) {
  /**
   * Reads the payload of a sequence header OBU.
   *
   * @throws ProtocolException when it ends too early
   */
  public static Av1SequenceHeader read(byte[] payload) throws ProtocolException {
    BitReader in = new BitReader(payload);
    in.skip(3 + 1); // seq_profile, still_picture
    double frameRate = 0;
    if (in.bit()) { // reduced_still_picture_header
      in.skip(5);
    } else {
      int decoderDelayBits = 0;
      if (in.bit()) {
        frameRate = readTiming(in);
        if (in.bit()) {
          decoderDelayBits = (int) in.bits(5) + 1;
          in.skip(32 + 5 + 5);
        }
      }
      skipOperatingPoints(in, decoderDelayBits);
    }
    int widthBits = (int) in.bits(4) + 1;
    int heightBits = (int) in.bits(4) + 1;
    int width = (int) in.bits(widthBits) + 1;
    int height = (int) in.bits(heightBits) + 1;
    return new Av1SequenceHeader(width, height, frameRate);
  }

  private static double readTiming(BitReader in) throws ProtocolException {
    long unitsInTick = in.bits(32);
    long timescale = in.bits(32);
    if (!in.bit()) { // equal_picture_interval
      return 0;
    }
    long ticksPerPicture = in.unsignedExpGolomb() + 1;
    double rate = unitsInTick == 0 ? 0 : (double) timescale / unitsInTick / ticksPerPicture;
    return rate >= 1 && rate <= 1000 ? rate : 0;
  }

  private static void skipOperatingPoints(BitReader in, int decoderDelayBits)
      throws ProtocolException {
    boolean displayDelay = in.bit();
    int points = (int) in.bits(5) + 1;
    for (int i = 0; i < points; i++) {
      in.skip(12); // operating_point_idc
      if (in.bits(5) > 7) {
        in.skip(1); // seq_tier
      }
      if (decoderDelayBits > 0 && in.bit()) {
        in.skip(2 * decoderDelayBits + 1);
      }
      if (displayDelay && in.bit()) {
        in.skip(4);
      }
    }
  }
}
