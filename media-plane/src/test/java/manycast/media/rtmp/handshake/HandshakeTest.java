package manycast.media.rtmp.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import manycast.media.rtmp.handshake.HandshakeDigest.Layout;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
  private static final int BLOCK = 1536;

  @Test
  void echoesC1ExactlyWhenItIsNotSigned() throws ProtocolException {
    byte[] hello = new byte[1 + BLOCK];
    new Random(1).nextBytes(hello);
    hello[0] = 3;
    byte[] answer = answer(hello);
    assertThat(answer).hasSize(1 + 2 * BLOCK);
    assertThat(answer[0]).isEqualTo((byte) 3);
    assertThat(Arrays.copyOfRange(answer, 1, 9)).containsOnly(0);
    assertThat(Arrays.copyOfRange(answer, 1 + BLOCK, answer.length))
        .isEqualTo(Arrays.copyOfRange(hello, 1, hello.length));
  }

  @Test
  void findsFfmpegsDigestAndSignsItsAnswer() throws ProtocolException {
    byte[] hello = HexFile.read("rtmp/handshake/ffmpeg-5.1.9-c0c1.hex");
    byte[] clientBlock = Arrays.copyOfRange(hello, 1, hello.length);
    assertThat(HandshakeDigest.isSigned(clientBlock, HandshakeDigest.CLIENT_KEY, Layout.AT_8))
        .isTrue();
    byte[] answer = answer(hello);
    byte[] serverBlock = Arrays.copyOfRange(answer, 1, 1 + BLOCK);
    assertThat(serverBlock[4])
        .as("a version that FFmpeg verifies")
        .isGreaterThanOrEqualTo((byte) 3);
    assertThat(HandshakeDigest.isSigned(serverBlock, HandshakeDigest.SERVER_KEY, Layout.AT_8))
        .isTrue();
    assertThat(Arrays.copyOfRange(answer, 1 + BLOCK, answer.length)).isNotEqualTo(clientBlock);
  }

  @Test
  void answersInTheLayoutThatTheClientUses() throws ProtocolException {
    byte[] block = new byte[BLOCK];
    new Random(3).nextBytes(block);
    block[4] = 9;
    HandshakeDigest.sign(block, HandshakeDigest.CLIENT_KEY, Layout.AT_772);
    byte[] hello = new byte[1 + BLOCK];
    hello[0] = 3;
    System.arraycopy(block, 0, hello, 1, BLOCK);
    byte[] serverBlock = Arrays.copyOfRange(answer(hello), 1, 1 + BLOCK);
    assertThat(HandshakeDigest.isSigned(serverBlock, HandshakeDigest.SERVER_KEY, Layout.AT_772))
        .isTrue();
  }

  @Test
  void takesAnyC2AndLeavesWhatIsBehindIt() throws ProtocolException {
    byte[] wire = new byte[1 + 2 * BLOCK + 5];
    new Random(2).nextBytes(wire);
    wire[0] = 3;
    for (int split = 0; split <= wire.length; split += 7) {
      ServerHandshake handshake = new ServerHandshake(new Random(4));
      ByteBuf head = Unpooled.wrappedBuffer(wire, 0, split);
      ByteBuf tail = Unpooled.wrappedBuffer(wire, split, wire.length - split);
      byte[] first = handshake.read(head);
      byte[] second = handshake.read(tail);
      assertThat(handshake.isDone()).as("split at %d", split).isTrue();
      assertThat(first == null ^ second == null).as("split at %d", split).isTrue();
      assertThat(head.readableBytes() + tail.readableBytes()).as("split at %d", split).isEqualTo(5);
    }
  }

  @Test
  void refusesTextAndTlsAtTheirFirstBytes() {
    assertThatThrownBy(() -> server("47455420"))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("HTTP or other text");
    assertThatThrownBy(() -> server("160301"))
        .hasMessageContaining("TLS hello on a plain RTMP port");
  }

  @Test
  void clientEchoesS1AndDoesNotCompareS2() throws ProtocolException {
    byte[] wire = new byte[1 + 2 * BLOCK + 3];
    new Random(5).nextBytes(wire);
    wire[0] = 3;
    ClientHandshake handshake = new ClientHandshake(new Random(6));
    assertThat(handshake.hello()).hasSize(1 + BLOCK).startsWith(3, 0, 0, 0, 0, 0, 0, 0, 0);
    ByteBuf in = Unpooled.wrappedBuffer(wire);
    assertThat(handshake.read(in)).isEqualTo(Arrays.copyOfRange(wire, 1, 1 + BLOCK));
    assertThat(handshake.isDone()).isTrue();
    assertThat(in.readableBytes()).isEqualTo(3);
  }

  @Test
  void clientNamesWhatAnswersInsteadOfRtmp() {
    assertThatThrownBy(() -> client("15030100020228")).hasMessageContaining("is this rtmps://?");
    assertThatThrownBy(() -> client("485454502f31")).hasMessageContaining("first byte is 72");
  }

  @Test
  void bothSidesUnderstandEachOther() throws ProtocolException {
    ServerHandshake server = new ServerHandshake(new Random(7));
    ClientHandshake client = new ClientHandshake(new Random(8));
    byte[] answer = server.read(Unpooled.wrappedBuffer(client.hello()));
    byte[] echo = client.read(Unpooled.wrappedBuffer(Objects.requireNonNull(answer)));
    assertThat(server.read(Unpooled.wrappedBuffer(Objects.requireNonNull(echo)))).isNull();
    assertThat(client.isDone() && server.isDone()).isTrue();
  }

  private static byte[] answer(byte[] hello) throws ProtocolException {
    return Objects.requireNonNull(
        new ServerHandshake(new Random(9)).read(Unpooled.wrappedBuffer(hello)));
  }

  private static void server(String hex) throws ProtocolException {
    new ServerHandshake(new Random(9)).read(Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }

  private static void client(String hex) throws ProtocolException {
    new ClientHandshake(new Random(9)).read(Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }
}
