package manycast.media.codec.h264;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;

/** Walks over the length-prefixed NAL units of an access unit (ISO 14496-15 §5.3.3). */
public final class NalUnits {
  /** The type of a slice of an IDR picture (H.264 §7.4.1). */
  public static final int IDR = 5;

  private NalUnits() {}

  /**
   * Does this access unit hold an IDR slice? Zero-length NAL units occur and are passed over.
   *
   * @param accessUnit lent; read from its reader index to its writer index
   * @param nalLengthSize 1, 2 or 4, as the codec config says
   * @throws ProtocolException when a length leads out of the access unit, as with Annex B start
   *     codes
   */
  public static boolean containIdr(ByteBuf accessUnit, int nalLengthSize) throws ProtocolException {
    int index = accessUnit.readerIndex();
    int end = accessUnit.writerIndex();
    boolean idr = false;
    while (index < end) {
      if (end - index < nalLengthSize) {
        throw new ProtocolException(
            (end - index) + " bytes behind the last NAL unit (ISO 14496-15 §5.3.3)");
      }
      long length = readLength(accessUnit, index, nalLengthSize);
      index += nalLengthSize;
      if (length > end - index) {
        throw new ProtocolException(
            "NAL unit of %d bytes, the access unit has %d left (ISO 14496-15 §5.3.3)"
                .formatted(length, end - index));
      }
      idr |= length > 0 && (accessUnit.getByte(index) & 0x1F) == IDR;
      index += (int) length;
    }
    return idr;
  }

  private static long readLength(ByteBuf in, int index, int size) {
    return switch (size) {
      case 1 -> in.getUnsignedByte(index);
      case 2 -> in.getUnsignedShort(index);
      case 4 -> in.getUnsignedInt(index);
      default -> throw new IllegalArgumentException("NAL length size " + size + ": 1, 2 or 4");
    };
  }
}
