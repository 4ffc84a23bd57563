package manycast.media.rtmp.handshake;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import manycast.media.bytes.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The client's side in its simple form, which is what OBS does everywhere. */
public final class ClientHandshake {
  private static final int BLOCK = 1536;
  private static final int VERSION = 3;
  private static final int TLS_ALERT = 0x15;

  private final byte[] hello = new byte[1 + BLOCK];
  private final byte[] peerHello = new byte[1 + BLOCK];
  private int peerHelloLength;
  private int echoLength;

  /** A handshake at its start; the random bytes need not be secret. */
  public ClientHandshake(RandomGenerator random) {
    random.nextBytes(hello);
    hello[0] = VERSION;
    Arrays.fill(hello, 1, 9, (byte) 0);
  }

  /** C0 and C1, to be sent first. */
  public byte[] hello() {
    return hello.clone();
  }

  /** Has S2 been read? What follows are chunks. */
  public boolean isDone() {
    return echoLength == BLOCK;
  }

  /**
   * Reads as much of the handshake as there is. S2 is not compared: servers that sign put other
   * things there.
   *
   * @param in lent; bytes behind S2 are left in it
   * @return C2 once S1 is there, else null
   * @throws ProtocolException when the peer does not speak RTMP
   */
  public byte @Nullable [] read(ByteBuf in) throws ProtocolException {
    byte[] answer = null;
    if (peerHelloLength < peerHello.length) {
      int slice = Math.min(in.readableBytes(), peerHello.length - peerHelloLength);
      in.readBytes(peerHello, peerHelloLength, slice);
      peerHelloLength += slice;
      checkItIsRtmp();
      if (peerHelloLength < peerHello.length) {
        return null;
      }
      answer = Arrays.copyOfRange(peerHello, 1, peerHello.length);
    }
    int echo = Math.min(in.readableBytes(), BLOCK - echoLength);
    in.skipBytes(echo);
    echoLength += echo;
    return answer;
  }

  private void checkItIsRtmp() throws ProtocolException {
    if (peerHelloLength == 0 || peerHello[0] == VERSION) {
      return;
    }
    if (peerHello[0] == TLS_ALERT) {
      throw new ProtocolException("the server answers with a TLS alert: is this rtmps://?");
    }
    throw new ProtocolException(
        "the server's first byte is %d: RTMP answers 3 (RTMP 1.0 §5.2.2)"
            .formatted(peerHello[0] & 0xFF));
  }
}
