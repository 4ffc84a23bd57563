package manycast.media.codec.av1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Optional;
import manycast.media.bytes.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * AV1's codec config, the AV1CodecConfigurationRecord (AV1 in ISO BMFF §2.3.3).
 *
 * @param profile 0 main, 1 high, 2 professional
 * @param levelIndex seq_level_idx_0: 31 is no limit
 * @param bitDepth 8, 10 or 12
 * @param sequenceHeader the first sequence header OBU without its own header
 */
public record Av1Config(
    int profile, int levelIndex, int bitDepth, Optional<byte[]> sequenceHeader) {
  private static final int HEAD = 4;
  private static final int MARKER_AND_VERSION = 0x81;
  private static final int SEQUENCE_HEADER = 1;
  private static final int LONGEST_LEB128 = 8;

  /**
   * Reads a record; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException for another version, or a record that is cut off
   */
  public static Av1Config read(ByteBuf record) throws ProtocolException {
    ByteBuf in = record.duplicate();
    if (in.readableBytes() < HEAD) {
      throw new ProtocolException(
          "av1C of " + in.readableBytes() + " bytes: at least 4 (AV1 in ISO BMFF §2.3.3)");
    }
    int first = in.readUnsignedByte();
    if (first != MARKER_AND_VERSION) {
      throw new ProtocolException(
          "av1C that begins with " + first + ": only 129 exists (AV1 in ISO BMFF §2.3.3)");
    }
    int profileAndLevel = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    in.skipBytes(1); // initial presentation delay
    int bitDepth = (flags & 0x40) == 0 ? 8 : (flags & 0x20) == 0 ? 10 : 12;
    return new Av1Config(
        profileAndLevel >> 5,
        profileAndLevel & 0x1F,
        bitDepth,
        Optional.ofNullable(findSequenceHeader(in)));
  }

  /** The level's number, such as "4.0" (AV1 annex A.3). */
  public String level() {
    return levelIndex == 31 ? "" : (2 + (levelIndex >> 2)) + "." + (levelIndex & 3);
  }

  private static byte @Nullable [] findSequenceHeader(ByteBuf in) throws ProtocolException {
    while (in.isReadable()) {
      int header = in.readUnsignedByte();
      boolean extended = (header & 4) != 0;
      boolean sized = (header & 2) != 0;
      if (extended) {
        require(in, 1);
        in.skipBytes(1);
      }
      long size = sized ? readLeb128(in) : in.readableBytes();
      require(in, size);
      ByteBuf obu = in.readSlice((int) size);
      if ((header >> 3 & 0xF) == SEQUENCE_HEADER) {
        return ByteBufUtil.getBytes(obu);
      }
    }
    return null;
  }

  private static long readLeb128(ByteBuf in) throws ProtocolException {
    long value = 0;
    for (int i = 0; i < LONGEST_LEB128; i++) {
      require(in, 1);
      int next = in.readUnsignedByte();
      value |= (next & 0x7FL) << (i * 7);
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw new ProtocolException("leb128 number of more than 8 bytes (AV1 §4.10.5)");
  }

  private static void require(ByteBuf in, long bytes) throws ProtocolException {
    if (bytes > in.readableBytes()) {
      throw new ProtocolException(
          "OBU of %d bytes, %d are left (AV1 §5.3.1)".formatted(bytes, in.readableBytes()));
    }
  }
}
