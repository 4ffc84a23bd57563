package manycast.system.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import manycast.system.bench.kernel.NativeBuffer;

/** The simple handshake (RTMP 1.0 §5.2), byte by byte as it arrives. */
final class Handshake {
  private static final int VERSION = 3;
  private static final int SIZE = 1536;

  private final byte[] peers = new byte[1 + SIZE];
  private int received;

  /** C0 and C1, or S0 and S1: time 0, four zeros, then bytes that nobody guesses in passing. */
  static void putFirst(NativeBuffer out) {
    byte[] first = new byte[1 + SIZE];
    new Random().nextBytes(first);
    first[0] = VERSION;
    Arrays.fill(first, 1, 9, (byte) 0);
    out.put(first, 0, first.length);
  }

  /** C2 or S2: the peer's own bytes. */
  void putEcho(NativeBuffer out) {
    out.put(peers, 1, SIZE);
  }

  /** Takes what belongs to the handshake; true from when the peer's first part is whole. */
  boolean takeFirst(ByteBuffer in) {
    int count = Math.clamp(peers.length - received, 0, in.remaining());
    in.get(peers, received, count);
    received += count;
    return received >= peers.length;
  }

  /** Takes the peer's second part; true when it is whole. */
  boolean takeEcho(ByteBuffer in) {
    int count = Math.min(peers.length + SIZE - received, in.remaining());
    in.position(in.position() + count);
    received += count;
    return received == peers.length + SIZE;
  }
}
