package manycast.system.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import manycast.system.bench.kernel.NativeBuffer;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {
  private static final HexFormat HEX = HexFormat.of();

  private static List<String> read(byte[] bytes, int step) throws IOException {
    List<String> messages = new ArrayList<>();
    ChunkReader reader =
        new ChunkReader(
            true,
            new ChunkReader.Listener() {
              @Override
              public void onMedia(ChunkStream message) {
                messages.add(
                    "%d at %d: %d bytes, crc %08x"
                        .formatted(message.type, message.timeMs, message.length, message.crc(0)));
              }

              @Override
              public void onMessage(ChunkStream message) {
                messages.add("%d: %s".formatted(message.type, HEX.formatHex(message.body())));
              }
            });
    for (int at = 0; at < bytes.length; at += step) {
      reader.read(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
    }
    return messages;
  }

  /** RTMP 1.0 §5.3.2.1 and §5.3.2.2, the specification's examples. */
  @Test
  void readsTheSpecificationsExamplesSplitAnywhere() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] audio = new byte[32];
    bytes.write(HEX.parseHex("030003e80000200839300000"));
    bytes.write(audio);
    bytes.write(HEX.parseHex("83000014"));
    bytes.write(audio);
    bytes.write(HEX.parseHex("c3"));
    bytes.write(audio);
    byte[] video = new byte[307];
    bytes.write(HEX.parseHex("040003e80001330939300000"));
    bytes.write(video, 0, 128);
    bytes.write(HEX.parseHex("c4"));
    bytes.write(video, 0, 128);
    bytes.write(HEX.parseHex("c4"));
    bytes.write(video, 0, 51);
    List<String> expected =
        List.of(
            "8 at 1000: 32 bytes, crc %08x".formatted(Tag.crc(Tag.AUDIO, audio, 32)),
            "8 at 1020: 32 bytes, crc %08x".formatted(Tag.crc(Tag.AUDIO, audio, 32)),
            "8 at 1040: 32 bytes, crc %08x".formatted(Tag.crc(Tag.AUDIO, audio, 32)),
            "9 at 1000: 307 bytes, crc %08x".formatted(Tag.crc(Tag.VIDEO, video, 307)));
    for (int step = 1; step <= bytes.size(); step++) {
      assertThat(read(bytes.toByteArray(), step)).as("in steps of " + step).isEqualTo(expected);
    }
  }

  @Test
  void followsAChunkSizeAndRefusesNone() throws Exception {
    byte[] size = HEX.parseHex("02000000000004010000000000001000");
    byte[] message = HEX.parseHex("030000000000c814000000000000".substring(0, 24));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(size);
    bytes.write(message);
    bytes.write(new byte[200]);
    assertThat(read(bytes.toByteArray(), 7)).hasSize(2).last().asString().hasSize(4 + 400);
    assertThatThrownBy(() -> read(HEX.parseHex("02000000000004010000000000000000"), 99))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chunk size of 0");
  }

  @Test
  void readsAnExtendedTimeInEveryChunkOfAMessage() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(HEX.parseHex("04ffffff0000820801000000" + "01000000"));
    bytes.write(new byte[128]);
    bytes.write(HEX.parseHex("c4" + "01000000"));
    bytes.write(new byte[2]);
    assertThat(read(bytes.toByteArray(), 5))
        .containsExactly(
            "8 at 16777216: 130 bytes, crc %08x".formatted(Tag.crc(Tag.AUDIO, new byte[130], 130)));
  }

  @Test
  void readsWhatTheWriterWrites() throws Exception {
    NativeBuffer out = new NativeBuffer(16);
    ChunkWriter writer = new ChunkWriter(out);
    byte[] picture = new byte[9000];
    byte[] stamp = new Stamp(3, 4, 5).bytes();
    writer.announceChunkSize(4096);
    writer.media(6, 1, Tag.VIDEO, 40, picture, stamp);
    writer.media(6, 1, Tag.VIDEO, 73, picture, new byte[0]);
    byte[] bytes = new byte[(int) out.size()];
    out.bytes().asByteBuffer().get(bytes);
    assertThat(read(bytes, 1000))
        .satisfiesExactly(
            size -> assertThat(size).isEqualTo("1: 00001000"),
            first -> assertThat(first).startsWith("9 at 40: 9034 bytes"),
            second ->
                assertThat(second)
                    .isEqualTo(
                        "9 at 73: 9000 bytes, crc %08x"
                            .formatted(Tag.crc(Tag.VIDEO, picture, picture.length))));
  }
}
