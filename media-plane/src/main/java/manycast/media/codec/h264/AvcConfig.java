package manycast.media.codec.h264;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import manycast.media.bytes.ProtocolException;

/**
 * H.264's codec config, the AVCDecoderConfigurationRecord (ISO 14496-15 §5.3.3.1). What may follow
 * the picture parameter sets in high profiles is often missing and not read.
 *
 * @param nalLengthSize how many bytes the length before each NAL unit takes: 1, 2 or 4
 * @param sequenceParameterSets NAL units, headers included
 * @param pictureParameterSets NAL units, headers included
 */
public record AvcConfig(
    int profile,
    int compatibility,
    int level,
    int nalLengthSize,
    List<byte[]> sequenceParameterSets,
    List<byte[]> pictureParameterSets) {
  /** Keeps copies of the lists. */
  public AvcConfig {
    sequenceParameterSets = List.copyOf(sequenceParameterSets);
    pictureParameterSets = List.copyOf(pictureParameterSets);
  }

  /**
   * Reads a record; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException for another version, a length size of 3, or a truncated record
   */
  public static AvcConfig read(ByteBuf record) throws ProtocolException {
    ByteBuf in = record.duplicate();
    if (in.readableBytes() < 7) {
      throw truncated(record);
    }
    int version = in.readUnsignedByte();
    if (version != 1) {
      throw new ProtocolException(
          "avcC version " + version + ": only 1 exists (ISO 14496-15 §5.3.3.1)");
    }
    int profile = in.readUnsignedByte();
    int compatibility = in.readUnsignedByte();
    int level = in.readUnsignedByte();
    int nalLengthSize = (in.readUnsignedByte() & 3) + 1;
    if (nalLengthSize == 3) {
      throw new ProtocolException(
          "avcC with a NAL length size of 3: 1, 2 or 4 (ISO 14496-15 §5.3.3.1)");
    }
    List<byte[]> sequence = readSets(in, in.readUnsignedByte() & 0x1F, record);
    if (!in.isReadable()) {
      throw truncated(record);
    }
    List<byte[]> picture = readSets(in, in.readUnsignedByte(), record);
    return new AvcConfig(profile, compatibility, level, nalLengthSize, sequence, picture);
  }

  private static List<byte[]> readSets(ByteBuf in, int count, ByteBuf record)
      throws ProtocolException {
    List<byte[]> sets = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (in.readableBytes() < 2
          || in.readableBytes() < 2 + in.getUnsignedShort(in.readerIndex())) {
        throw truncated(record);
      }
      int length = in.readUnsignedShort();
      sets.add(ByteBufUtil.getBytes(in.readSlice(length)));
    }
    return sets;
  }

  private static ProtocolException truncated(ByteBuf record) {
    return new ProtocolException(
        "avcC of " + record.readableBytes() + " bytes ends too early (ISO 14496-15 §5.3.3.1)");
  }
}
