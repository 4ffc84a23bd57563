package manycast.media.codec.hevc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Optional;
import manycast.media.bytes.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * HEVC's codec config, the HEVCDecoderConfigurationRecord (ISO 14496-15 §8.3.3.1), as far as a
 * display needs it.
 *
 * @param profile general_profile_idc
 * @param highTier whether the high tier holds
 * @param level general_level_idc: thirty times the level's number
 * @param nalLengthSize how many bytes the length before each NAL unit takes: 1, 2 or 4
 * @param videoParameterSet the first one, header included
 * @param sequenceParameterSet the first one, header included
 */
public record HevcConfig(
    int profile,
    boolean highTier,
    int level,
    int nalLengthSize,
    Optional<byte[]> videoParameterSet,
    Optional<byte[]> sequenceParameterSet) {
  private static final int HEAD = 23;
  private static final int VIDEO_PARAMETER_SET = 32;
  private static final int SEQUENCE_PARAMETER_SET = 33;

  /**
   * Reads a record; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException for a length size of 3 or a truncated record
   */
  public static HevcConfig read(ByteBuf record) throws ProtocolException {
    ByteBuf in = record.duplicate();
    if (in.readableBytes() < HEAD) {
      throw truncated(record);
    }
    int start = in.readerIndex();
    int tierAndProfile = in.getUnsignedByte(start + 1);
    int level = in.getUnsignedByte(start + 12);
    int nalLengthSize = (in.getUnsignedByte(start + 21) & 3) + 1;
    if (nalLengthSize == 3) {
      throw new ProtocolException(
          "hvcC with a NAL length size of 3: 1, 2 or 4 (ISO 14496-15 §8.3.3.1)");
    }
    int arrays = in.getUnsignedByte(start + 22);
    in.skipBytes(HEAD);
    byte @Nullable [] video = null;
    byte @Nullable [] sequence = null;
    for (int i = 0; i < arrays; i++) {
      if (in.readableBytes() < 3) {
        throw truncated(record);
      }
      int type = in.readUnsignedByte() & 0x3F;
      for (int units = in.readUnsignedShort(); units > 0; units--) {
        if (in.readableBytes() < 2
            || in.readableBytes() < 2 + in.getUnsignedShort(in.readerIndex())) {
          throw truncated(record);
        }
        ByteBuf unit = in.readSlice(in.readUnsignedShort());
        if (type == VIDEO_PARAMETER_SET && video == null) {
          video = ByteBufUtil.getBytes(unit);
        } else if (type == SEQUENCE_PARAMETER_SET && sequence == null) {
          sequence = ByteBufUtil.getBytes(unit);
        }
      }
    }
    return new HevcConfig(
        tierAndProfile & 0x1F,
        (tierAndProfile & 0x20) != 0,
        level,
        nalLengthSize,
        Optional.ofNullable(video),
        Optional.ofNullable(sequence));
  }

  private static ProtocolException truncated(ByteBuf record) {
    return new ProtocolException(
        "hvcC of " + record.readableBytes() + " bytes ends too early (ISO 14496-15 §8.3.3.1)");
  }
}
