package manycast.system.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * Number and time of a picture, carried by the picture itself: a filler NAL unit (type 12, H.264
 * §7.3.2.7) at its end, which decoders skip. 24 bytes {magic, ingest, number, nanoseconds of
 * CLOCK_MONOTONIC} stand in it as 28 bytes of 7 bits with the top bit set, so that neither a start
 * code nor an emulation byte can occur. The same as rtmpload's, so that either reads the other's.
 *
 * @param nanos when it was written, just before it was sent
 */
record Stamp(int ingest, long number, long nanos) {
  /** Bytes that a stamp adds to a picture: length, NAL header, 28 bytes, stop bit. */
  static final int SIZE = 34;

  private static final int MAGIC = 0x4D435354;
  private static final int NAL_SIZE = SIZE - 4;
  private static final int FILLER = 0x0C;
  private static final int STOP = 0x80;
  private static final int RAW = 24;
  private static final int AT = 5;

  byte[] bytes() {
    byte[] raw = new byte[RAW];
    put(raw, 0, 4, MAGIC);
    put(raw, 4, 4, ingest);
    put(raw, 8, 8, number);
    put(raw, 16, 8, nanos);
    byte[] stamp = new byte[SIZE];
    stamp[3] = NAL_SIZE;
    stamp[4] = FILLER;
    int out = AT;
    int bits = 0;
    int held = 0;
    for (byte each : raw) {
      held = held << 8 | each & 0xFF;
      bits += 8;
      while (bits >= 7) {
        bits -= 7;
        stamp[out++] = (byte) (STOP | held >> bits & 0x7F);
      }
    }
    stamp[out++] = (byte) (STOP | held << 7 - bits & 0x7F);
    stamp[out] = (byte) STOP;
    return stamp;
  }

  private static void put(byte[] raw, int at, int size, long value) {
    for (int i = 0; i < size; i++) {
      raw[at + i] = (byte) (value >>> 8 * (size - 1 - i));
    }
  }

  /** Reads the stamp that ends these bytes; null where there is none. */
  static @Nullable Stamp read(byte[] tail, int end) {
    int begin = end - SIZE;
    if (begin < 0 || tail[begin + 3] != NAL_SIZE || tail[begin + 4] != FILLER) {
      return null;
    }
    long[] words = new long[3];
    int out = 0;
    int bits = 0;
    int held = 0;
    for (int i = 0; i < 28; i++) {
      held = held << 7 | tail[begin + AT + i] & 0x7F;
      bits += 7;
      if (bits >= 8 && out < RAW) {
        bits -= 8;
        words[out / 8] = words[out / 8] << 8 | held >> bits & 0xFF;
        out++;
      }
    }
    return words[0] >>> 32 == MAGIC ? new Stamp((int) words[0], words[1], words[2]) : null;
  }
}
