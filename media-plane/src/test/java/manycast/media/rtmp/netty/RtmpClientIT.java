package manycast.media.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.MediaBytes;
import manycast.media.rtmp.chunk.ChunkEncoder;
import manycast.media.rtmp.chunk.ChunkHeader;
import manycast.media.rtmp.connection.ClientFailure;
import manycast.media.rtmp.connection.ClientFailure.Stage;
import manycast.media.rtmp.connection.ClientTarget;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.message.MessageWriter;
import manycast.media.rtmp.message.RtmpMessage.Command;
import manycast.media.rtmp.netty.RecordingGate.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The relay's shell against our server, against ffmpeg as a server, and against a scripted peer.
 */
final class RtmpClientIT {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final RecordingListener listener = new RecordingListener();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void carriesEveryTagOfAFileToOurServerAndSaysGoodbye() throws Exception {
    List<Tag> tags = recording();
    RecordingGate gate = new RecordingGate();
    try (TestServer server = new TestServer(gate, new CountingBytes(Long.MAX_VALUE))) {
      RtmpClientHandler client = publishing(server.port(), RecordingGate.KEY);
      send(client, tags);
      Await.until(() -> gate.tags.size() + " tags", () -> gate.tags.size() == tags.size());
      assertThat(new ArrayList<>(gate.tags)).isEqualTo(tags);
      onLoop(client, client::stop);
      Await.until(() -> "stopped", () -> listener.stopped && !gate.ends.isEmpty());
      assertThat(gate.ends).containsExactly(PublishEnd.UNPUBLISHED);
      assertThat(listener.failures).isEmpty();
    }
  }

  @Test
  void leavesWithoutAWordWhenDropped() throws Exception {
    RecordingGate gate = new RecordingGate();
    try (TestServer server = new TestServer(gate, MediaBytes.UNBOUNDED)) {
      RtmpClientHandler client = publishing(server.port(), RecordingGate.KEY);
      onLoop(client, client::drop);
      Await.until(() -> "stopped", () -> listener.stopped && !gate.ends.isEmpty());
      assertThat(gate.ends).containsExactly(PublishEnd.LOST);
    }
  }

  @Test
  void reportsARefusedKeyInTheServersWords() throws Exception {
    RecordingGate gate = new RecordingGate();
    try (TestServer server = new TestServer(gate, MediaBytes.UNBOUNDED)) {
      connect(server.port(), "wrong");
      awaitFailure();
      assertThat(listener.failures)
          .containsExactly(
              new ClientFailure.Refused(
                  Stage.PUBLISH, "NetStream.Publish.Denied", "This stream key is not known."));
    }
  }

  @Test
  void hearsHowMuchThePeerHasReceived() throws Exception {
    RecordingGate gate = new RecordingGate();
    try (TestServer server = new TestServer(gate, MediaBytes.UNBOUNDED)) {
      RtmpClientHandler client = publishing(server.port(), RecordingGate.KEY);
      send(client, List.of(new Tag(9, 0, "27".repeat(2_000_000))));
      Await.until(() -> "acknowledged", () -> listener.acknowledged >= 1_250_000);
    }
  }

  @Test
  void saysWhenAPeerThatDidNotReadTakesBytesAgain() throws Exception {
    try (ServerSocket peer = peer()) {
      connect(peer.getLocalPort(), "key");
      try (Socket socket = peer.accept()) {
        shakeHands(socket);
        answer(socket, result(1, new AmfObject(Map.of())));
        answer(socket, result(4, AmfValue.of(1)));
        answer(socket, result(5, AmfValue.NULL));
        Await.until(() -> "publishing", () -> listener.publishing != null);
        RtmpClientHandler client = Objects.requireNonNull(listener.publishing);
        send(client, List.of(new Tag(9, 0, "27".repeat(16_000_000))));
        assertThat(client.isWritable()).isFalse();
        assertThat(listener.timesWritable).hasValue(0);
        InputStream in = socket.getInputStream();
        byte[] sink = new byte[1 << 16];
        long read = 0;
        while (read < 16_000_000) {
          read += in.read(sink);
        }
        Await.until(() -> "writable", () -> listener.timesWritable.get() == 1);
        assertThat(client.bytesQueued()).isGreaterThan(16_000_000);
      }
    }
  }

  /** ffmpeg's own server side takes the stream and writes what it understood. */
  @Test
  void publishesToFfmpegWhichFindsEveryPayloadUnchanged() throws Exception {
    List<Tag> tags = recording();
    int port = freePort();
    Path received = folder.resolve("received.flv");
    try (Ffmpeg ffmpeg =
        Ffmpeg.start(
            folder,
            "-listen",
            "1",
            "-i",
            "rtmp://127.0.0.1:" + port + "/live/any",
            "-c",
            "copy",
            "-copyts",
            "-f",
            "flv",
            received.toString())) {
      awaitListening(port);
      RtmpClientHandler client = publishing(port, "any");
      send(client, tags);
      onLoop(client, client::stop);
      Await.until(() -> "stopped " + listener.failures, () -> listener.stopped);
      assertThat(ffmpeg.join()).as(ffmpeg.words()).isZero();
    }
    assertThat(payloads(RtmpServerIT.tagsOf(received))).isEqualTo(payloads(tags));
  }

  @Test
  void reportsAPeerThatClosesAfterPublishWithoutAWord() throws Exception {
    try (ServerSocket peer = peer()) {
      connect(peer.getLocalPort(), "key");
      try (Socket socket = peer.accept()) {
        shakeHands(socket);
        answer(socket, result(1, new AmfObject(Map.of())));
        answer(socket, result(4, AmfValue.of(1)));
        readUntil(socket.getInputStream(), "publish");
      }
      awaitFailure();
      assertThat(listener.failures.getFirst())
          .isEqualTo(new ClientFailure.Closed(Stage.PUBLISH, -1));
    }
  }

  /** As Twitch does with a wrong key while media is under way. */
  @Test
  void takesAResetForAClose() throws Exception {
    try (ServerSocket peer = peer()) {
      connect(peer.getLocalPort(), "key");
      try (Socket socket = peer.accept()) {
        shakeHands(socket);
        answer(socket, result(1, new AmfObject(Map.of())));
        answer(socket, result(4, AmfValue.of(1)));
        answer(socket, result(5, AmfValue.NULL));
        Await.until(() -> "publishing", () -> listener.publishing != null);
        send(
            Objects.requireNonNull(listener.publishing),
            List.of(new Tag(9, 0, "27".repeat(16_000_000))));
        socket.setSoLinger(true, 0);
      }
      awaitFailure();
      assertThat(listener.failures.getFirst())
          .isInstanceOfSatisfying(
              ClientFailure.Closed.class,
              closed -> {
                assertThat(closed.stage()).isEqualTo(Stage.PUBLISHING);
                assertThat(closed.afterPublishMs()).isBetween(0L, 20_000L);
              });
    }
  }

  @Test
  void reportsAPeerThatSpeaksSomethingElse() throws Exception {
    try (ServerSocket peer = peer()) {
      connect(peer.getLocalPort(), "key");
      try (Socket socket = peer.accept()) {
        socket.getOutputStream().write(HexFile.parse("15030100020228"));
        awaitFailure();
      }
      assertThat(listener.failures.getFirst())
          .isInstanceOf(ClientFailure.HandshakeFailed.class)
          .extracting(ClientFailure::detail)
          .asString()
          .contains("is this rtmps://?");
    }
  }

  @Test
  void reportsChunksThatCannotBeUnderstood() throws Exception {
    try (ServerSocket peer = peer()) {
      connect(peer.getLocalPort(), "key");
      try (Socket socket = peer.accept()) {
        shakeHands(socket);
        socket.getOutputStream().write(HexFile.parse("03 000000 ffffff 14 00000000"));
        awaitFailure();
      }
      assertThat(listener.failures.getFirst())
          .isInstanceOf(ClientFailure.ProtocolBroken.class)
          .extracting(ClientFailure::detail)
          .asString()
          .contains("message of 16777215 bytes");
    }
  }

  private List<Tag> recording() throws Exception {
    Path file = folder.resolve("recording.flv");
    try (Ffmpeg ffmpeg = Ffmpeg.encode(folder, 2, file.toString())) {
      assertThat(ffmpeg.join()).as(ffmpeg.words()).isZero();
    }
    return RtmpServerIT.tagsOf(file);
  }

  private void connect(int port, String key) {
    ClientTarget target =
        new ClientTarget(
            "live", "rtmp://127.0.0.1:" + port + "/live", key, ClientTarget.DEFAULT_FLASH_VER);
    new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(new RtmpClientHandler(target, listener))
        .connect(InetAddress.getLoopbackAddress(), port)
        .syncUninterruptibly();
  }

  private RtmpClientHandler publishing(int port, String key) {
    connect(port, key);
    Await.until(() -> "publishing " + listener.failures, () -> listener.publishing != null);
    return Objects.requireNonNull(listener.publishing);
  }

  /** As a relay does: type 0 for the first message of each chunk stream, deltas behind it. */
  private static void send(RtmpClientHandler client, List<Tag> tags) {
    onLoop(
        client,
        () -> {
          long[] last = {-1, -1};
          for (Tag tag : tags) {
            int track = tag.type() - 8;
            int chunkStreamId = 4 + 2 * track;
            ChunkHeader header =
                last[track] < 0
                    ? new ChunkHeader.Full(
                        chunkStreamId, tag.timestamp(), tag.type(), client.messageStreamId())
                    : new ChunkHeader.Delta(
                        chunkStreamId, tag.timestamp() - last[track], tag.type());
            last[track] = tag.timestamp();
            client.write(
                ChunkEncoder.encode(
                    ByteBufAllocator.DEFAULT,
                    header,
                    RtmpClientHandler.CHUNK_SIZE,
                    Unpooled.wrappedBuffer(HexFile.parse(tag.bodyHex()))));
          }
          client.flush();
        });
  }

  private static void onLoop(RtmpClientHandler client, Runnable task) {
    client.channel().eventLoop().submit(task).syncUninterruptibly();
  }

  private void awaitFailure() {
    Await.until(() -> "failure", () -> !listener.failures.isEmpty());
  }

  /** The bodies track by track: ffmpeg interleaves anew and moves the start. */
  private static List<String> payloads(List<Tag> tags) {
    List<String> payloads = new ArrayList<>();
    for (int type = 8; type <= 9; type++) {
      for (Tag tag : tags) {
        if (tag.type() == type && !tag.bodyHex().startsWith("1702")) {
          payloads.add(tag.bodyHex());
        }
      }
    }
    return payloads;
  }

  private static ServerSocket peer() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = peer()) {
      return socket.getLocalPort();
    }
  }

  /** Looks into the kernel's table, for a test connection would be taken for the publisher. */
  private static void awaitListening(int port) {
    String local = "0100007F:%04X 00000000:0000 0A".formatted(port);
    Path table = Path.of("/proc/net/tcp");
    Await.until(
        () -> "a listener on " + port,
        () -> {
          try {
            return Files.readString(table).contains(local);
          } catch (IOException e) {
            return false;
          }
        });
  }

  private static void shakeHands(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] hello = new byte[1537];
    in.readFully(hello);
    byte[] answer = new byte[1 + 2 * 1536];
    answer[0] = 3;
    System.arraycopy(hello, 1, answer, 1 + 1536, 1536);
    socket.getOutputStream().write(answer);
    in.readFully(new byte[1536]);
  }

  private static void answer(Socket socket, Command command) throws IOException {
    ByteBuf chunks = new MessageWriter(ByteBufAllocator.DEFAULT).write(command);
    byte[] bytes = new byte[chunks.readableBytes()];
    chunks.readBytes(bytes).release();
    socket.getOutputStream().write(bytes);
  }

  private static Command result(int transactionId, AmfValue argument) {
    return new Command("_result", transactionId, 0, AmfValue.NULL, List.of(argument));
  }

  private static void readUntil(InputStream in, String word) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf("\0\7" + word) < 0) {
      seen.append((char) in.read());
    }
  }
}
