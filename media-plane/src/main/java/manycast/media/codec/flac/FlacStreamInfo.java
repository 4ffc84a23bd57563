package manycast.media.codec.flac;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;

/**
 * FLAC's stream information, behind its marker and block header (RFC 9639 §8.2).
 *
 * @param sampleRate in Hz, 1 to 1048575
 */
public record FlacStreamInfo(int sampleRate, int channels, int bitsPerSample) {
  private static final int MARKER = 0x664C_6143;
  private static final int FIELDS_AT = 8 + 10;

  /**
   * Reads a header; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException when it is cut off or something else
   */
  public static FlacStreamInfo read(ByteBuf header) throws ProtocolException {
    int at = header.readerIndex();
    if (header.readableBytes() < FIELDS_AT + 4
        || header.getInt(at) != MARKER
        || (header.getByte(at + 4) & 0x7F) != 0) {
      throw new ProtocolException(
          "no FLAC header: \"fLaC\" and a STREAMINFO block (RFC 9639 §8.1)");
    }
    int fields = header.getInt(at + FIELDS_AT);
    int sampleRate = fields >>> 12;
    if (sampleRate == 0) {
      throw new ProtocolException("FLAC with a sample rate of 0 (RFC 9639 §8.2)");
    }
    return new FlacStreamInfo(sampleRate, (fields >>> 9 & 7) + 1, (fields >>> 4 & 0x1F) + 1);
  }
}
