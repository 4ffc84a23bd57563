package manycast.media.codec;

import java.util.Arrays;

/** The bytes that H.264 and H.265 put into NAL units so that no start code appears in them. */
public final class EmulationPrevention {
  private EmulationPrevention() {}

  /** A copy without them (H.264 §7.3.1, H.265 §7.3.1.1). */
  public static byte[] removedFrom(byte[] nalUnit) {
    byte[] out = new byte[nalUnit.length];
    int length = 0;
    int zeros = 0;
    for (byte b : nalUnit) {
      if (zeros >= 2 && b == 3) {
        zeros = 0;
        continue;
      }
      zeros = b == 0 ? zeros + 1 : 0;
      out[length++] = b;
    }
    return Arrays.copyOf(out, length);
  }
}
