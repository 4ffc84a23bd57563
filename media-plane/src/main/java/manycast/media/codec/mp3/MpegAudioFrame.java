package manycast.media.codec.mp3;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;

/** The head of an MPEG audio frame (ISO 11172-3 §2.4.1.3, ISO 13818-3 §2.4.2.3). */
public record MpegAudioFrame(int sampleRate, int channels) {
  private static final int[] RATES = {44_100, 48_000, 32_000};
  private static final int MONO = 3;

  /**
   * Reads the head of a frame; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException when it is cut off, no frame, or names a reserved rate
   */
  public static MpegAudioFrame read(ByteBuf frame) throws ProtocolException {
    int at = frame.readerIndex();
    if (frame.readableBytes() < 4 || (frame.getUnsignedShort(at) & 0xFFE0) != 0xFFE0) {
      throw new ProtocolException(
          "no MPEG audio frame: it begins with 11 bits set (ISO 11172-3 §2.4.1.3)");
    }
    int version = frame.getUnsignedByte(at + 1) >> 3 & 3;
    int code = frame.getUnsignedByte(at + 2) >> 2 & 3;
    if (code == RATES.length || version == 1) {
      throw new ProtocolException("MPEG audio version or rate is reserved (ISO 11172-3 §2.4.2.3)");
    }
    int divisor = version == 3 ? 1 : version == 2 ? 2 : 4;
    int channels = frame.getUnsignedByte(at + 3) >> 6 == MONO ? 1 : 2;
    return new MpegAudioFrame(RATES[code] / divisor, channels);
  }
}
