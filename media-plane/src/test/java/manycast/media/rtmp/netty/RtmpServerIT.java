package manycast.media.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import manycast.media.flv.FlvReader;
import manycast.media.flv.FlvTag;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.netty.RecordingGate.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's shell against real ffmpeg and against peers that are none. */
final class RtmpServerIT {
  private final RecordingGate gate = new RecordingGate();
  private final CountingBytes counter = new CountingBytes(Long.MAX_VALUE);
  private final TestServer server = new TestServer(gate, counter);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void takesEveryTagThatFfmpegPublishesBitExact() throws Exception {
    Path file = folder.resolve("reference.flv");
    try (Ffmpeg ffmpeg =
        Ffmpeg.encode(folder, 3, url("live", RecordingGate.KEY), file.toString())) {
      assertThat(ffmpeg.join()).as(ffmpeg.words()).isZero();
      Await.until(ffmpeg::words, () -> !gate.ends.isEmpty());
    }
    assertThat(gate.ends).containsExactly(PublishEnd.UNPUBLISHED);
    assertThat(new ArrayList<>(gate.tags)).isEqualTo(tagsOf(file));
    assertThat(gate.data).anyMatch(message -> message.metadata() != null);
    assertThat(gate.requests.getFirst().encoder()).contains("Lavf");
    assertThat(gate.requests.getFirst().app()).isEqualTo("live");
  }

  @Test
  void tellsFfmpegWhyAKeyIsRefusedAndReadsNoMedia() throws Exception {
    try (Ffmpeg ffmpeg = Ffmpeg.encode(folder, 1, url("live", "wrong"))) {
      assertThat(ffmpeg.join()).isNotZero();
      assertThat(ffmpeg.words()).contains("This stream key is not known.");
    }
    assertThat(gate.tags).isEmpty();
    assertThat(gate.ends).isEmpty();
  }

  @Test
  void tellsFfmpegThatAnApplicationIsUnknownAndCloses() throws Exception {
    try (Ffmpeg ffmpeg = Ffmpeg.encode(folder, 1, url("elsewhere", RecordingGate.KEY))) {
      assertThat(ffmpeg.join()).isNotZero();
      assertThat(ffmpeg.words()).contains("Unknown application: the server URL ends in /live.");
    }
    assertThat(gate.requests).isEmpty();
  }

  /** As a player ffmpeg verifies our digests, S1's and S2's, which as a publisher it does not. */
  @Test
  void answersADigestHandshakeAsFfmpegsPlayerVerifiesIt() throws Exception {
    try (Ffmpeg player =
        Ffmpeg.start(folder, "-loglevel", "debug", "-i", url("live", "any"), "-f", "null", "-")) {
      Await.until(player::words, () -> player.words().contains("Creating stream"));
      assertThat(player.words())
          .doesNotContain("Signature mismatch")
          .doesNotContain("validating failed");
    }
  }

  @Test
  void endsAPublishAsLostWhenTheConnectionBreaksWithoutAWord() throws Exception {
    try (Ffmpeg ffmpeg =
        Ffmpeg.start(
            folder,
            "-re",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=160x90:rate=10",
            "-c:v",
            "libx264",
            "-f",
            "flv",
            url("live", RecordingGate.KEY))) {
      Await.until(ffmpeg::words, () -> !gate.tags.isEmpty());
    }
    Await.until(() -> "end of publish", () -> !gate.ends.isEmpty());
    assertThat(gate.ends).containsExactly(PublishEnd.LOST);
  }

  @Test
  void closesAPublishOnOurWish() throws Exception {
    try (Ffmpeg ffmpeg = endless()) {
      Await.until(ffmpeg::words, () -> !gate.tags.isEmpty());
      gate.connections.getFirst().close("Stopped in the dashboard.");
      assertThat(ffmpeg.join()).isNotZero();
      assertThat(gate.ends).containsExactly(PublishEnd.CLOSED_BY_US);
    }
  }

  @Test
  void endsOnlyTheConnectionWhoseSinkThrows() throws Exception {
    try (Ffmpeg failing = endless()) {
      Await.until(failing::words, () -> !gate.tags.isEmpty());
      gate.fault = new IllegalStateException("planted");
      Await.until(failing::words, () -> !gate.ends.isEmpty());
      gate.fault = null;
      assertThat(gate.ends).containsExactly(PublishEnd.LOST);
    }
    gate.tags.clear();
    try (Ffmpeg next = endless()) {
      Await.until(next::words, () -> !gate.tags.isEmpty());
    }
  }

  @Test
  void closesOnTlsTextAndGarbageAndGoesOnServing() throws Exception {
    Random random = new Random(7);
    byte[] garbage = new byte[20_000];
    random.nextBytes(garbage);
    garbage[0] = 3;
    List<byte[]> hostile =
        List.of(
            HexFile.parse("16030100c8010000c40303"),
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            garbage);
    for (byte[] bytes : hostile) {
      assertThat(sendUntilClosed(bytes)).isTrue();
    }
    assertThat(gate.requests).isEmpty();
    assertThat(counter.held()).isZero();
    try (Ffmpeg ffmpeg = Ffmpeg.encode(folder, 0.5, url("live", RecordingGate.KEY))) {
      assertThat(ffmpeg.join()).as(ffmpeg.words()).isZero();
    }
  }

  private Ffmpeg endless() throws IOException {
    return Ffmpeg.start(
        folder,
        "-re",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=160x90:rate=10",
        "-c:v",
        "libx264",
        "-g",
        "10",
        "-f",
        "flv",
        url("live", RecordingGate.KEY));
  }

  private boolean sendUntilClosed(byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes);
      byte[] answer = new byte[4096];
      int read = socket.getInputStream().read(answer);
      while (read > 0) {
        read = socket.getInputStream().read(answer);
      }
      return read == -1;
    } catch (SocketException reset) {
      return true;
    }
  }

  private String url(String app, String name) {
    return "rtmp://127.0.0.1:" + server.port() + "/" + app + "/" + name;
  }

  static List<Tag> tagsOf(Path flv) throws IOException, ProtocolException {
    List<Tag> tags = new ArrayList<>();
    FlvReader reader = new FlvReader(Unpooled.wrappedBuffer(Files.readAllBytes(flv)));
    FlvTag tag = reader.next();
    while (tag != null) {
      if (tag.type() != FlvTag.SCRIPT) {
        tags.add(new Tag(tag.type(), tag.timestampMs(), ByteBufUtil.hexDump(tag.body())));
      }
      tag = reader.next();
    }
    return tags;
  }
}
