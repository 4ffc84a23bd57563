package manycast.media.rtmp.handshake;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import manycast.media.bytes.ProtocolException;
import manycast.media.rtmp.handshake.HandshakeDigest.Layout;
import org.jspecify.annotations.Nullable;

/**
 * The server's side: C0 and C1 in, S0, S1 and S2 out in one piece, then C2 in, whatever it holds.
 *
 * <p>S2 is an exact copy of C1 unless C1 carries a valid digest; StreamPack checks the copy.
 */
public final class ServerHandshake {
  private static final int BLOCK = 1536;
  private static final int VERSION = 3;
  private static final int FIRST_PRINTABLE = 32;
  private static final int TLS_HANDSHAKE = 0x16;

  /** Any version that is not zero says that S1 is signed; FFmpeg's player looks for 3 or more. */
  private static final byte[] SIGNED_VERSION = {3, 5, 1, 1};

  private final RandomGenerator random;
  private final byte[] hello = new byte[1 + BLOCK];
  private int helloLength;
  private int echoLength;

  /** A handshake at its start; the random bytes need not be secret. */
  public ServerHandshake(RandomGenerator random) {
    this.random = random;
  }

  /** Has C2 been read? What follows are chunks. */
  public boolean isDone() {
    return echoLength == BLOCK;
  }

  /**
   * Reads as much of the handshake as there is.
   *
   * @param in lent; bytes behind C2 are left in it
   * @return what to send now, or null
   * @throws ProtocolException when the peer does not speak RTMP
   */
  public byte @Nullable [] read(ByteBuf in) throws ProtocolException {
    byte[] answer = null;
    if (helloLength < hello.length) {
      int slice = Math.min(in.readableBytes(), hello.length - helloLength);
      in.readBytes(hello, helloLength, slice);
      helloLength += slice;
      checkItIsRtmp();
      if (helloLength < hello.length) {
        return null;
      }
      answer = answer(Arrays.copyOfRange(hello, 1, hello.length));
    }
    int echo = Math.min(in.readableBytes(), BLOCK - echoLength);
    in.skipBytes(echo);
    echoLength += echo;
    return answer;
  }

  private void checkItIsRtmp() throws ProtocolException {
    if (helloLength == 0) {
      return;
    }
    int first = hello[0] & 0xFF;
    if (first >= FIRST_PRINTABLE) {
      throw new ProtocolException(
          "the first byte is %d, as of HTTP or other text: RTMP begins with 3 (RTMP 1.0 §5.2.2)"
              .formatted(first));
    }
    if (first == TLS_HANDSHAKE && helloLength > 1 && hello[1] == 3) {
      throw new ProtocolException(
          "a TLS hello on a plain RTMP port: use rtmp:// here, or the RTMPS port for rtmps://");
    }
  }

  private byte[] answer(byte[] clientBlock) {
    byte[] out = new byte[1 + 2 * BLOCK];
    byte[] own = new byte[BLOCK];
    random.nextBytes(own);
    Arrays.fill(own, 0, 8, (byte) 0);
    byte[] echo = clientBlock;
    for (Layout layout : Layout.values()) {
      if (isSigned(clientBlock, layout)) {
        System.arraycopy(SIGNED_VERSION, 0, own, 4, SIGNED_VERSION.length);
        HandshakeDigest.sign(own, HandshakeDigest.SERVER_KEY, layout);
        echo = signedAnswer(clientBlock, layout);
        break;
      }
    }
    out[0] = VERSION;
    System.arraycopy(own, 0, out, 1, BLOCK);
    System.arraycopy(echo, 0, out, 1 + BLOCK, BLOCK);
    return out;
  }

  /** A client that signs says so with a version that is not zero. */
  private static boolean isSigned(byte[] block, Layout layout) {
    return (block[4] | block[5] | block[6] | block[7]) != 0
        && HandshakeDigest.isSigned(block, HandshakeDigest.CLIENT_KEY, layout);
  }

  private byte[] signedAnswer(byte[] clientBlock, Layout layout) {
    int offset = layout.digestOffset(clientBlock);
    byte[] answer = new byte[BLOCK];
    random.nextBytes(answer);
    HandshakeDigest.signAnswer(
        answer, Arrays.copyOfRange(clientBlock, offset, offset + HandshakeDigest.LENGTH));
    return answer;
  }
}
