package manycast.media.rtmp.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.Limits;
import manycast.media.bytes.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChunkDecoderTest {
  private static final Limits LIMITS = Limits.WHILE_PUBLISHING;

  record Row(String name, String hex, List<Decoded> messages) {
    static Row of(String name, String hex, Decoded... messages) {
      return new Row(name, hex, List.of(messages));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Decoded message(int chunkStreamId, long timestamp, int type, int id, String hex) {
    return new Decoded(chunkStreamId, timestamp, type, id, hex);
  }

  static Stream<Row> rows() {
    String two = "a1a2";
    return Stream.of(
        Row.of(
            "type 0 header of RTMP 1.0 §5.3.2.1, and an equal message by type 3 adds its timestamp",
            "04 00001a 00009d 08 01000000"
                + "11".repeat(128)
                + "c4"
                + "11".repeat(29)
                + "c4"
                + "22".repeat(128)
                + "c4"
                + "22".repeat(29),
            message(4, 26, 8, 1, "11".repeat(157)),
            message(4, 52, 8, 1, "22".repeat(157))),
        Row.of(
            "type 1 adds a delta and keeps the message stream, which is little-endian",
            "06 0003e8 000002 09 05000000" + two + "46 000010 000002 09" + two,
            message(6, 1000, 9, 5, two),
            message(6, 1016, 9, 5, two)),
        Row.of(
            "type 2 keeps length and type, type 3 behind it adds the same delta",
            "06 000000 000002 09 01000000" + two + "86 000015" + two + "c6" + two,
            message(6, 0, 9, 1, two),
            message(6, 21, 9, 1, two),
            message(6, 42, 9, 1, two)),
        Row.of(
            "chunk stream ids of two and three bytes",
            "00 00 000001 000002 08 01000000"
                + two
                + "00 ff 000001 000002 08 01000000"
                + two
                + "01 0001 000001 000002 08 01000000"
                + two
                + "01 ffff 000001 000002 08 01000000"
                + two,
            message(64, 1, 8, 1, two),
            message(319, 1, 8, 1, two),
            message(320, 1, 8, 1, two),
            message(65_599, 1, 8, 1, two)),
        Row.of(
            "an extended timestamp repeated on continuations",
            "04 ffffff 000082 08 01000000 01000000" + "33".repeat(128) + "c4 01000000" + two,
            message(4, 0x0100_0000, 8, 1, "33".repeat(128) + two)),
        Row.of(
            "an extended timestamp left out on continuations, as old librtmp does",
            "04 ffffff 000082 08 01000000 01000000"
                + "33".repeat(128)
                + "c4"
                + two
                + "04 000000 000002 08 01000000"
                + two,
            message(4, 0x0100_0000, 8, 1, "33".repeat(128) + two),
            message(4, 0, 8, 1, two)),
        Row.of(
            "a left out extended timestamp whose payload begins like it",
            "04 ffffff 000084 08 01000000 01000000" + "33".repeat(128) + "c4 01000001",
            message(4, 0x0100_0000, 8, 1, "33".repeat(128) + "01000001")),
        Row.of(
            "an extended timestamp repeated with its top bit lost",
            "04 ffffff 000082 08 01000000 81000000" + "33".repeat(128) + "c4 01000000" + two,
            message(4, 0x8100_0000L, 8, 1, "33".repeat(128) + two)),
        Row.of(
            "OBS's small step back is a huge delta modulo 2^32, repeated when type 3 opens a message",
            "04 000064 000002 08 01000000"
                + two
                + "44 ffffff 000002 09 fffffff0"
                + two
                + "c4 fffffff0"
                + two,
            message(4, 100, 8, 1, two),
            message(4, 84, 9, 1, two),
            message(4, 68, 9, 1, two)),
        Row.of(
            "a timestamp that passes 2^32",
            "04 ffffff 000002 08 01000000 fffffff0" + two + "44 000020 000002 08" + two,
            message(4, 0xFFFF_FFF0L, 8, 1, two),
            message(4, 0x10, 8, 1, two)),
        Row.of(
            "chunks of two streams interleaved",
            "06 000000 000082 09 01000000"
                + "44".repeat(128)
                + "04 000000 000002 08 01000000"
                + two
                + "c6"
                + two,
            message(4, 0, 8, 1, two),
            message(6, 0, 9, 1, "44".repeat(128) + two)),
        Row.of(
            "a chunk size that changes while another stream has half a message",
            "06 000000 000184 09 01000000"
                + "44".repeat(128)
                + "02 000000 000004 01 00000000 00001000"
                + "c6"
                + "55".repeat(260),
            message(6, 0, 9, 1, "44".repeat(128) + "55".repeat(260))),
        Row.of(
            "an abort drops the half message of its stream",
            "06 000000 000082 09 01000000"
                + "44".repeat(128)
                + "02 000000 000004 02 00000000 00000006"
                + "06 000001 000002 09 01000000"
                + two,
            message(6, 1, 9, 1, two)),
        Row.of(
            "a new message inside another one replaces it",
            "06 000000 000082 09 01000000"
                + "44".repeat(128)
                + "06 000001 000002 09 01000000"
                + two,
            message(6, 1, 9, 1, two)),
        Row.of(
            "librtmp's ping: the first chunk of a stream is of type 1",
            "42 000000 000006 04 0006 00000001",
            message(2, 0, 4, 0, "000600000001")),
        Row.of(
            "messages without a byte",
            "04 000005 000000 08 01000000" + "c4",
            message(4, 5, 8, 1, ""),
            message(4, 10, 8, 1, "")));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void decodes(Row row) throws ProtocolException {
    assertThat(Decoded.all(LIMITS, HexFile.parse(row.hex))).isEqualTo(row.messages);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void decodesSplitAtEveryByte(Row row) throws ProtocolException {
    byte[] bytes = HexFile.parse(row.hex);
    for (int split = 0; split <= bytes.length; split++) {
      byte[] head = Arrays.copyOf(bytes, split);
      byte[] tail = Arrays.copyOfRange(bytes, split, bytes.length);
      assertThat(Decoded.all(LIMITS, head, tail)).as("split at %d", split).isEqualTo(row.messages);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void decodesByteByByte(Row row) throws ProtocolException {
    byte[] bytes = HexFile.parse(row.hex);
    byte[][] pieces = new byte[bytes.length][];
    for (int i = 0; i < bytes.length; i++) {
      pieces[i] = new byte[] {bytes[i]};
    }
    assertThat(Decoded.all(LIMITS, pieces)).isEqualTo(row.messages);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isNotMisledByHalfAMessageBehind(Row row) throws ProtocolException {
    byte[] bytes = HexFile.parse(row.hex + "0a 000000 00ffff 09 01000000 001122");
    assertThat(Decoded.all(LIMITS, bytes)).isEqualTo(row.messages);
  }

  @Test
  void copiesEachBodyOnceIntoOneBuffer() throws ProtocolException {
    try (ChunkDecoder decoder =
        new ChunkDecoder(ByteBufAllocator.DEFAULT, LIMITS, new CountingBytes(1 << 20))) {
      ByteBuf in =
          Unpooled.wrappedBuffer(
              HexFile.parse("06 000000 000082 09 01000000" + "44".repeat(128) + "c6" + "5555"));
      RawMessage message = decoder.decode(in);
      Objects.requireNonNull(message);
      assertThat(message.body().isDirect()).isTrue();
      assertThat(message.body().isContiguous()).isTrue();
      assertThat(message.body().capacity()).isEqualTo(130);
      assertThat(message.body().refCnt()).isEqualTo(1);
      message.release();
    }
  }

  @Test
  void refusesAMessageThatIsTooLongBeforeAllocatingForIt() {
    CountingBytes counter = new CountingBytes(Long.MAX_VALUE);
    try (ChunkDecoder decoder =
        new ChunkDecoder(ByteBufAllocator.DEFAULT, Limits.BEFORE_PUBLISH, counter)) {
      assertThatThrownBy(() -> feed(decoder, "04 000000 010001 08 01000000"))
          .isInstanceOf(ProtocolException.class)
          .hasMessage("message of 65537 bytes on chunkStreamId 4: at most 65536");
      assertThat(counter.highest()).isZero();
    }
  }

  @Test
  void countsDeclaredLengthsAtOnceAndRefusesMoreThanAConnectionMayHold() {
    CountingBytes counter = new CountingBytes(Long.MAX_VALUE);
    Limits limits = new Limits(2000, 3000, 4, 16);
    try (ChunkDecoder decoder = new ChunkDecoder(ByteBufAllocator.DEFAULT, limits, counter)) {
      assertThatThrownBy(
              () ->
                  feed(
                      decoder,
                      "04 000000 0007d0 08 01000000"
                          + "00".repeat(128)
                          + "05 000000 0007d0 08 01000000"))
          .hasMessage("unfinished messages of 4000 bytes in all: at most 3000");
      assertThat(counter.held()).isEqualTo(2000);
    }
    assertThat(counter.held()).isZero();
  }

  @Test
  void refusesTooManyHalfMessages() {
    Limits limits = new Limits(1000, 10_000, 2, 16);
    String half = " 000000 0000ff 08 01000000" + "00".repeat(128);
    assertThatThrownBy(
            () -> Decoded.all(limits, HexFile.parse("04" + half + "05" + half + "06" + half)))
        .hasMessage("3 messages half received at once: at most 2");
  }

  @Test
  void refusesTooManyChunkStreams() {
    Limits limits = new Limits(1000, 10_000, 2, 3);
    String whole = " 000000 000001 08 01000000 00";
    assertThatThrownBy(
            () ->
                Decoded.all(
                    limits,
                    HexFile.parse("04" + whole + "05" + whole + "06" + whole + "07" + whole)))
        .hasMessage("chunkStreamId 7 would be chunk stream 4 of this connection: at most 3");
  }

  @Test
  void refusesAMessageWhenTheNodeIsFull() {
    try (ChunkDecoder decoder =
        new ChunkDecoder(ByteBufAllocator.DEFAULT, LIMITS, new CountingBytes(100))) {
      assertThatThrownBy(() -> feed(decoder, "04 000000 000400 08 01000000"))
          .hasMessage("message of 1024 bytes: this node holds as many media bytes as it may");
    }
  }

  @Test
  void takesASmallMessageEvenWhenTheNodeIsFull() throws ProtocolException {
    CountingBytes full = new CountingBytes(0);
    try (ChunkDecoder decoder = new ChunkDecoder(ByteBufAllocator.DEFAULT, LIMITS, full)) {
      feed(decoder, "03 000000 000004 14 00000000" + "01020304");
      assertThat(full.held()).isZero();
    }
  }

  @Test
  void closesAtTheThirdMessageBegunInsideAnother() throws ProtocolException {
    String half = "06 000000 0000ff 09 01000000" + "44".repeat(128);
    assertThat(Decoded.all(LIMITS, HexFile.parse(half.repeat(3)))).isEmpty();
    assertThatThrownBy(() -> Decoded.all(LIMITS, HexFile.parse(half.repeat(4))))
        .hasMessageContaining("a new message begins inside another one on chunkStreamId 6");
  }

  @Test
  void refusesChunkSizesThatMakeNoProgress() {
    for (String size : List.of("00000000", "80000000", "ffffffff")) {
      assertThatThrownBy(
              () -> Decoded.all(LIMITS, HexFile.parse("02 000000 000004 01 00000000" + size)))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("RTMP 1.0 §5.4.1");
    }
  }

  @Test
  void takesChunkSizesBeyondTheLongestMessageAsThatLength() throws ProtocolException {
    assertThat(
            Decoded.all(
                LIMITS,
                HexFile.parse(
                    "02 000000 000004 01 00000000 7fffffff 04 000000 000200 08 01000000"
                        + "66".repeat(512))))
        .containsExactly(message(4, 0, 8, 1, "66".repeat(512)));
  }

  private static void feed(ChunkDecoder decoder, String hex) throws ProtocolException {
    Decoded.drain(decoder, HexFile.parse(hex), new ArrayList<>());
  }
}
