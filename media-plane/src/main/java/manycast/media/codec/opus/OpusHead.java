package manycast.media.codec.opus;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import manycast.media.bytes.ProtocolException;

/**
 * Opus' identification header (RFC 7845 §5.1).
 *
 * @param channels 1 to 255
 * @param preSkip samples at 48 kHz to pass over at the start
 * @param inputRate the rate before encoding in Hz, for display; decoders put out 48 kHz
 */
public record OpusHead(int channels, int preSkip, long inputRate) {
  /** The rate that Opus is decoded at. */
  public static final int DECODED_RATE = 48_000;

  private static final int LENGTH = 19;
  private static final String MAGIC = "OpusHead";

  /**
   * Reads a header; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException when it is cut off or something else
   */
  public static OpusHead read(ByteBuf header) throws ProtocolException {
    int at = header.readerIndex();
    if (header.readableBytes() < LENGTH
        || !header.toString(at, MAGIC.length(), StandardCharsets.ISO_8859_1).equals(MAGIC)) {
      throw new ProtocolException("no Opus header: \"OpusHead\" and 11 bytes (RFC 7845 §5.1)");
    }
    int channels = header.getUnsignedByte(at + 9);
    if (channels == 0) {
      throw new ProtocolException("Opus header without a channel (RFC 7845 §5.1)");
    }
    return new OpusHead(
        channels, header.getUnsignedShortLE(at + 10), header.getUnsignedIntLE(at + 12));
  }
}
