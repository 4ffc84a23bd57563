package manycast.media.codec.vp9;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;

/**
 * VP9's codec config, the VPCodecConfigurationRecord (VP codec ISO media file format binding),
 * which some writers put behind the four bytes of its box' version and flags.
 *
 * @param profile 0 to 3
 * @param level ten times the level's number; 0 when it is not known
 */
public record Vp9Config(int profile, int level, int bitDepth) {
  private static final int RECORD = 8;
  private static final int VERSION_AND_FLAGS = 0x0100_0000;

  /**
   * Reads a record; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException when it is cut off or names another profile
   */
  public static Vp9Config read(ByteBuf record) throws ProtocolException {
    int at = record.readerIndex();
    if (record.readableBytes() >= 4 + RECORD && record.getInt(at) == VERSION_AND_FLAGS) {
      at += 4;
    }
    if (record.writerIndex() - at < RECORD) {
      throw new ProtocolException("vpcC of " + record.readableBytes() + " bytes: at least 8");
    }
    int profile = record.getUnsignedByte(at);
    if (profile > 3) {
      throw new ProtocolException("VP9 profile " + profile + ": 0 to 3 exist");
    }
    return new Vp9Config(
        profile, record.getUnsignedByte(at + 1), record.getUnsignedByte(at + 2) >> 4);
  }
}
