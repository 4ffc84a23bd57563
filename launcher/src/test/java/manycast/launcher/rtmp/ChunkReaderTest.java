package manycast.launcher.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkReaderTest {
  private static final int MEDIA = 4;

  @Test
  void readsTheSpecificationsExampleOfAudioMessages() throws IOException {
    // RTMP 1.0 §5.3.2.1, as the rows of its table say: 32 bytes at 1000, then fmt 2, 3, 3 with a
    // delta of 20.
    String body = "ab".repeat(32);
    List<Message> messages =
        readAll(
            "03 0003e8 000020 08 39300000" + body + "83 000014" + body + "c3" + body + "c3" + body);
    assertThat(messages)
        .extracting(Message::timestampMs)
        .containsExactly(1000L, 1020L, 1040L, 1060L);
    assertThat(messages).allMatch(message -> message.messageStreamId() == 12345);
    assertThat(messages).allMatch(message -> message.body().length == 32);
  }

  @Test
  void readsTheSpecificationsExampleOfALongVideoMessage() throws IOException {
    // RTMP 1.0 §5.3.2.2: 307 bytes in chunks of 128, 128 and 51.
    List<Message> messages =
        readAll(
            "04 0003e8 000133 09 3a300000"
                + "01".repeat(128)
                + "c4"
                + "02".repeat(128)
                + "c4"
                + "03".repeat(51));
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst().body()).hasSize(307).endsWith(3);
    assertThat(messages.getFirst().type()).isEqualTo(MessageType.VIDEO);
  }

  @Test
  void takesTheTimestampOfFmt0ForTheDeltaOfAFmt3ThatOpensAMessage() throws IOException {
    List<Message> messages = readAll("04 00000a 000001 08 01000000 aa c4 bb");
    assertThat(messages).extracting(Message::timestampMs).containsExactly(10L, 20L);
  }

  @Test
  void readsChunkStreamIdsOfOneTwoAndThreeBytes() throws IOException {
    List<Message> messages =
        readAll(
            "3f 000000 000001 08 01000000 aa"
                + "00 00 000000 000001 08 01000000 aa"
                + "01 ff ff 000000 000001 08 01000000 aa");
    assertThat(messages).extracting(Message::chunkStreamId).containsExactly(63, 64, 65599);
  }

  @Test
  void keepsInterleavedMessagesApart() throws IOException {
    List<Message> messages =
        readAll(
            "04 000000 000081 08 01000000"
                + "0a".repeat(128)
                + "06 000000 000081 09 01000000"
                + "0b".repeat(128)
                + "c4 0a c6 0b");
    assertThat(messages)
        .extracting(Message::type)
        .containsExactly(MessageType.AUDIO, MessageType.VIDEO);
    assertThat(messages.get(0).body()).containsOnly(0x0a);
    assertThat(messages.get(1).body()).containsOnly(0x0b);
  }

  @Test
  void appliesAChunkSizeToTheRestOfAHalfReadMessage() throws IOException {
    List<Message> messages =
        readAll(
            "04 000000 000100 08 01000000"
                + "0a".repeat(128)
                + "02 000000 000004 01 00000000 00000040"
                + "c4"
                + "0a".repeat(64)
                + "c4"
                + "0a".repeat(64));
    assertThat(messages).hasSize(1);
  }

  @Test
  void dropsAMessageThatIsAborted() throws IOException {
    List<Message> messages =
        readAll(
            "04 000000 000081 08 01000000"
                + "0a".repeat(128)
                + "02 000000 000004 02 00000000 00000004"
                + "04 000000 000001 08 01000000 bb");
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst().body()).containsExactly(0xbb);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a first chunk without fmt 0, 44 000000 000001 08 aa, must be 0",
    "a header inside a message, 04 000000 000081 08 01000000 [128] 04 000000 000001 08 01000000 aa, must be 3",
    "an extended timestamp that is not repeated, 04 ffffff 000081 08 01000000 01000000 [128] c4 000000aa, must be repeated",
    "an extended timestamp without need, 04 ffffff 000001 08 01000000 00000001 aa, would fit",
    "chunk size 0, 02 000000 000004 01 00000000 00000000, chunk size 0",
    "a chunk size with its top bit set, 02 000000 000004 01 00000000 80000000, chunk size -",
    "a control message elsewhere, 04 000000 000004 05 00000000 00000001, its own",
    "an unknown message type, 04 000000 000001 07 00000000 aa, message type 7"
  })
  void refuses(String what, String hex, String words) {
    assertThatThrownBy(() -> readAll(hex.replace("[128]", "00".repeat(128))))
        .as(what)
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining(words);
  }

  @Test
  void readsBackWhateverTheWriterCuts() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ChunkWriter writer = new ChunkWriter(bytes);
      writer.announceChunkSize(1 + random.nextInt(300));
      List<Message> sent = new ArrayList<>();
      long time = random.nextInt(3) == 0 ? 0xFFFFFF - 50 : 0;
      for (int i = 0; i < 30; i++) {
        time = Math.max(0, time + random.nextInt(-20, 60));
        byte[] body = new byte[random.nextInt(2) == 0 ? 100 : random.nextInt(1000)];
        random.nextBytes(body);
        MessageType type = random.nextBoolean() ? MessageType.VIDEO : MessageType.AUDIO;
        sent.add(new Message(random.nextBoolean() ? MEDIA : 6, 1, type, time, body));
        writer.write(sent.getLast());
      }
      List<Message> read = readAll(bytes.toByteArray());
      assertThat(read).hasSameSizeAs(sent);
      for (int i = 0; i < sent.size(); i++) {
        assertThat(read.get(i).timestampMs()).isEqualTo(sent.get(i).timestampMs());
        assertThat(read.get(i).type()).isEqualTo(sent.get(i).type());
        assertThat(read.get(i).body()).isEqualTo(sent.get(i).body());
      }
    }
  }

  private static List<Message> readAll(String hex) throws IOException {
    return readAll(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static List<Message> readAll(byte[] bytes) throws IOException {
    ChunkReader reader = new ChunkReader(new ByteArrayInputStream(bytes));
    List<Message> messages = new ArrayList<>();
    try {
      while (true) {
        messages.add(reader.next());
      }
    } catch (EOFException end) {
      return messages;
    }
  }
}
