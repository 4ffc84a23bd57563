package manycast.media.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.HexFile;
import manycast.media.rtmp.netty.RecordingGate.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What real encoders send from their first byte on, as it was recorded, read as the messages that a
 * decoder written apart from ours has found in it.
 */
class EncoderCapturesTest {
  private static final String FOLDER = "rtmp/connection/";
  private static final int HEAD_DIGITS = 24;

  @ParameterizedTest
  @CsvSource({
    "ffmpeg-5.1.9, 'FMLE/3.0 (compatible; Lavf59.27.100)'",
    "ffmpeg-8.1.2, 'FMLE/3.0 (compatible; Lavf62.12.102)'",
    "gstreamer-1.22.0, 'LNX 10,0,32,18'"
  })
  void readsEveryMessageWhereverTheNetworkCutsIt(String encoder, String names) throws IOException {
    byte[] capture = HexFile.read(FOLDER + encoder + "-publish.hex");
    int published = endOfPublish(capture);
    List<String> expected = expected(encoder);
    assertThat(expected).hasSizeGreaterThan(15);

    for (int seed = 0; seed < 10; seed++) {
      Random chance = new Random(seed);
      RecordingGate gate = new RecordingGate();
      CountingBytes counter = new CountingBytes(1 << 20);
      EmbeddedChannel channel = new EmbeddedChannel(new RtmpServerHandler(gate, counter));
      for (int at = 0; at < capture.length; ) {
        int most = seed == 0 ? 1 : 1 + chance.nextInt(3_000);
        // An encoder sends no media before its publish is answered.
        int limit = at < published ? published : capture.length;
        int end = Math.min(limit, at + most);
        channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(capture, at, end)));
        at = end;
      }
      channel.checkException();
      channel.finishAndReleaseAll();

      assertThat(gate.tags.stream().map(EncoderCapturesTest::line))
          .as("seed %d", seed)
          .containsExactlyElementsOf(expected);
      assertThat(gate.requests).hasSize(1);
      assertThat(gate.requests.getFirst().key()).isEqualTo(RecordingGate.KEY);
      assertThat(gate.requests.getFirst().encoder()).isEqualTo(names);
      assertThat(gate.data).isNotEmpty();
      assertThat(counter.held()).isZero();
    }
  }

  private static int endOfPublish(byte[] capture) {
    String type = "\u0002\u0000\u0004live";
    String text = new String(capture, StandardCharsets.ISO_8859_1);
    return text.indexOf(type, text.indexOf("\u0007publish")) + type.length();
  }

  private static String line(Tag tag) {
    String body = tag.bodyHex();
    return "%d %d %d %s"
        .formatted(
            tag.type(),
            tag.timestamp(),
            body.length() / 2,
            body.substring(0, Math.min(HEAD_DIGITS, body.length())));
  }

  private static List<String> expected(String encoder) throws IOException {
    String name = "/vectors/" + FOLDER + encoder + "-publish.messages";
    try (InputStream in = EncoderCapturesTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }
}
