package manycast.media.codec.ac3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import manycast.media.bytes.BitReader;
import manycast.media.bytes.ProtocolException;

/**
 * The head of an AC-3 or E-AC-3 frame (ETSI TS 102 366 §4.4, §E.1.2).
 *
 * @param channels the low-frequency one counted
 */
public record Ac3Frame(int sampleRate, int channels) {
  private static final int SYNC_WORD = 0x0B77;
  private static final int HEAD_BYTES = 12;
  private static final int[] RATES = {48_000, 44_100, 32_000};
  private static final int[] CHANNELS = {2, 1, 2, 3, 3, 4, 4, 5};
  private static final int BIT_STREAM_ID_AT = 5;
  private static final int LAST_OF_AC3 = 10;

  /**
   * Reads the head of a frame; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException when it is cut off, no frame, or names a reserved rate
   */
  public static Ac3Frame read(ByteBuf frame) throws ProtocolException {
    int length = Math.min(HEAD_BYTES, frame.readableBytes());
    byte[] head = ByteBufUtil.getBytes(frame, frame.readerIndex(), length);
    BitReader in = new BitReader(head);
    if (in.bits(16) != SYNC_WORD) {
      throw new ProtocolException("no AC-3 frame: it begins with 0B77 (ETSI TS 102 366 §4.4.1)");
    }
    in.skip(24);
    boolean enhanced =
        length > BIT_STREAM_ID_AT && (head[BIT_STREAM_ID_AT] & 0xFF) >> 3 > LAST_OF_AC3;
    return enhanced ? readEnhanced(head) : readPlain(head);
  }

  private static Ac3Frame readPlain(byte[] head) throws ProtocolException {
    BitReader in = new BitReader(head);
    in.skip(32);
    int rate = rate((int) in.bits(2));
    in.skip(6 + 5 + 3); // frame size, bit stream id and mode
    int mode = (int) in.bits(3);
    int mixLevels =
        ((mode & 1) != 0 && mode != 1 ? 2 : 0) + ((mode & 4) != 0 ? 2 : 0) + (mode == 2 ? 2 : 0);
    in.skip(mixLevels);
    return new Ac3Frame(rate, CHANNELS[mode] + (in.bit() ? 1 : 0));
  }

  private static Ac3Frame readEnhanced(byte[] head) throws ProtocolException {
    BitReader in = new BitReader(head);
    in.skip(16 + 2 + 3 + 11); // sync word, kind, substream, size
    int code = (int) in.bits(2);
    int second = (int) in.bits(2); // the number of blocks, or the code of half a rate
    int rate = code == 3 ? rate(second) / 2 : rate(code);
    int mode = (int) in.bits(3);
    return new Ac3Frame(rate, CHANNELS[mode] + (in.bit() ? 1 : 0));
  }

  private static int rate(int code) throws ProtocolException {
    if (code == 3) {
      throw new ProtocolException("AC-3 rate code 3 is reserved (ETSI TS 102 366 §4.4.1.3)");
    }
    return RATES[code];
  }
}
