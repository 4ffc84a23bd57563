package manycast.media.codec.aac;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import manycast.media.bytes.BitReader;
import manycast.media.bytes.ProtocolException;

/**
 * AAC's codec config (ISO 14496-3 §1.6.2.1), as far as a display needs it.
 *
 * @param objectType 2 LC, 5 with explicit SBR, 29 with explicit parametric stereo
 * @param sampleRate the output's rate in Hz: with explicit SBR the doubled one
 * @param channels as configured; 0 when a program config element tells them
 */
public record AudioSpecificConfig(int objectType, int sampleRate, int channels) {
  private static final int[] RATES = {
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
  };
  private static final int EXPLICIT_RATE = 15;
  private static final int SBR = 5;
  private static final int PARAMETRIC_STEREO = 29;

  /**
   * Reads a config; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException when it is truncated or names a reserved rate
   */
  public static AudioSpecificConfig read(ByteBuf config) throws ProtocolException {
    // 16 bytes hold all that is read here; what follows is the decoder's.
    int length = Math.min(16, config.readableBytes());
    BitReader in = new BitReader(ByteBufUtil.getBytes(config, config.readerIndex(), length));
    int objectType = readObjectType(in);
    int sampleRate = readSampleRate(in);
    int channels = channelCount((int) in.bits(4));
    if (objectType == SBR || objectType == PARAMETRIC_STEREO) {
      sampleRate = readSampleRate(in);
    }
    return new AudioSpecificConfig(objectType, sampleRate, channels);
  }

  private static int readObjectType(BitReader in) throws ProtocolException {
    int type = (int) in.bits(5);
    return type == 31 ? 32 + (int) in.bits(6) : type;
  }

  private static int readSampleRate(BitReader in) throws ProtocolException {
    int index = (int) in.bits(4);
    if (index == EXPLICIT_RATE) {
      return (int) in.bits(24);
    }
    if (index >= RATES.length) {
      throw new ProtocolException(
          "AAC sampling frequency index " + index + ": 0 to 12 or 15 (ISO 14496-3 §1.6.3.4)");
    }
    return RATES[index];
  }

  /** ISO 14496-3 §1.6.3.5: up to six the configuration is the count. */
  private static int channelCount(int configuration) {
    return switch (configuration) {
      case 7, 12, 14 -> 8;
      case 11 -> 7;
      default -> configuration;
    };
  }
}
