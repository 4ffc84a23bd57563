package manycast.media.bytes;

/** Reads bits from the most significant one on, within an array; the end is a fault, not a zero. */
public final class BitReader {
  private final byte[] bytes;
  private int position;

  /** A reader at the first bit of these bytes, which it does not copy. */
  public BitReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** How many bits are left. */
  public int remaining() {
    return bytes.length * 8 - position;
  }

  /** The next 0 to 32 bits as an unsigned number. */
  public long bits(int count) throws ProtocolException {
    if (count < 0 || count > 32) {
      throw new IllegalArgumentException(count + " bits at once: at most 32");
    }
    require(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | (bytes[position >> 3] >> (7 - (position & 7)) & 1);
      position++;
    }
    return value;
  }

  /** The next bit. */
  public boolean bit() throws ProtocolException {
    return bits(1) == 1;
  }

  /** Passes over bits. */
  public void skip(int count) throws ProtocolException {
    require(count);
    position += count;
  }

  /** An unsigned Exp-Golomb number (H.264 §9.1), below 2^32. */
  public long unsignedExpGolomb() throws ProtocolException {
    int zeros = 0;
    while (!bit()) {
      if (++zeros > 32) {
        throw new ProtocolException("Exp-Golomb number with more than 32 leading zeros");
      }
    }
    return (1L << zeros) - 1 + bits(zeros);
  }

  /** A signed Exp-Golomb number (H.264 §9.1.1). */
  public long signedExpGolomb() throws ProtocolException {
    long code = unsignedExpGolomb();
    return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
  }

  private void require(int count) throws ProtocolException {
    if (count > remaining()) {
      throw new ProtocolException(count + " bits wanted, " + remaining() + " are left");
    }
  }
}
