package manycast.media.amf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import manycast.media.amf.AmfValue.AmfDate;
import manycast.media.amf.AmfValue.AmfEcmaArray;
import manycast.media.amf.AmfValue.AmfList;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import manycast.media.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AmfTest {
  record Row(String name, String hex, AmfValue value) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** By the AMF0 specification's sections 2.2 to 2.18. */
  static Stream<Row> rows() {
    return Stream.of(
        new Row("number", "00 3ff0000000000000", AmfValue.of(1)),
        new Row("FourCC of av01 as a number", "00 41d85d8c0c400000", AmfValue.of(1_635_135_537)),
        new Row("boolean", "01 01", AmfValue.of(true)),
        new Row("string", "02 0007 636f6e6e656374", AmfValue.of("connect")),
        new Row("string in UTF-8", "02 0003 e282ac", AmfValue.of("€")),
        new Row(
            "object",
            "03 0003 617070 02 0004 6c697665 0000 09",
            new AmfObject(Map.of("app", AmfValue.of("live")))),
        new Row("null", "05", AmfValue.NULL),
        new Row("undefined", "06", AmfValue.UNDEFINED),
        new Row(
            "ECMA array",
            "08 00000001 0005 7769647468 00 4094000000000000 0000 09",
            new AmfEcmaArray(Map.of("width", AmfValue.of(1280)))),
        new Row(
            "strict array",
            "0a 00000002 05 01 00",
            new AmfList(List.of(AmfValue.NULL, AmfValue.of(false)))),
        new Row("date", "0b 3ff0000000000000 0000", new AmfDate(1)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void readsAndWrites(Row row) throws ProtocolException {
    ByteBuf in = Unpooled.wrappedBuffer(HexFile.parse(row.hex + "ffff"));
    assertThat(new AmfReader(in).next()).isEqualTo(row.value);
    assertThat(in.readableBytes()).as("junk behind").isEqualTo(2);
    assertThat(write(row.value)).isEqualTo(row.hex.replace(" ", ""));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void refusesEveryTruncationThatCannotBeAnObjectWithoutItsEnd(Row row) {
    byte[] bytes = HexFile.parse(row.hex);
    for (int length = 0; length < bytes.length; length++) {
      ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, length);
      try {
        assertThat(new AmfReader(in).next()).isInstanceOf(AmfValue.Fields.class);
      } catch (ProtocolException expected) {
        assertThat(expected.getMessage()).contains("left");
      }
    }
  }

  /** Values as AMF3 §3 writes them, behind AMF0's marker 17. */
  static Stream<Row> amf3() {
    return Stream.of(
        new Row("undefined", "11 00", AmfValue.UNDEFINED),
        new Row("null", "11 01", AmfValue.NULL),
        new Row("false", "11 02", AmfValue.of(false)),
        new Row("true", "11 03", AmfValue.of(true)),
        new Row("integer of one byte", "11 04 7f", AmfValue.of(127)),
        new Row("integer of four bytes", "11 04 bfffffff", AmfValue.of(268_435_455)),
        new Row("negative integer", "11 04 ffffffff", AmfValue.of(-1)),
        new Row("double", "11 05 3ff0000000000000", AmfValue.of(1)),
        new Row("string", "11 06 0f 636f6e6e656374", AmfValue.of("connect")),
        new Row("date", "11 08 01 3ff0000000000000", new AmfDate(1)),
        new Row("byte array", "11 0c 05 0102", AmfValue.UNDEFINED),
        new Row("array", "11 09 05 01 02 03", list(AmfValue.of(false), AmfValue.of(true))),
        new Row(
            "array with a name",
            "11 09 03 03 61 01 01 03",
            new AmfEcmaArray(Map.of("a", AmfValue.NULL, "0", AmfValue.of(true)))),
        new Row(
            "dynamic object",
            "11 0a 0b 01 07 617070 06 09 6c697665 01",
            new AmfObject(Map.of("app", AmfValue.of("live")))),
        new Row(
            "two objects of one class whose strings refer back",
            "11 09 05 01 0a 13 01 03 61 06 03 62 0a 01 06 02",
            list(
                new AmfObject(Map.of("a", AmfValue.of("b"))),
                new AmfObject(Map.of("a", AmfValue.of("b"))))));
  }

  private static AmfList list(AmfValue... values) {
    return new AmfList(List.of(values));
  }

  @ParameterizedTest
  @MethodSource("amf3")
  void readsAmf3WhereItIsAnnouncedAndRefusesEveryTruncation(Row row) throws ProtocolException {
    byte[] bytes = HexFile.parse(row.hex);
    ByteBuf in = Unpooled.wrappedBuffer(HexFile.parse(row.hex + "ffff"));
    assertThat(new AmfReader(in).next()).isEqualTo(row.value);
    assertThat(in.readableBytes()).as("junk behind").isEqualTo(2);
    for (int length = 1; length < bytes.length; length++) {
      ByteBuf part = Unpooled.wrappedBuffer(bytes, 0, length);
      assertThatThrownBy(() -> new AmfReader(part).next()).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void boundsAmf3AsItDoesAmf0() {
    assertThatThrownBy(() -> read("11" + "09 03 01".repeat(10_000)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("deeper");
    assertThatThrownBy(() -> read("11 09 ffffffff 01")).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> read("11 06 ffffffff 01")).hasMessageContaining("at most");
    assertThatThrownBy(() -> read("11 06 02")).hasMessageContaining("reference");
    assertThatThrownBy(() -> read("11 0a 07 01")).hasMessageContaining("only its own class");
    assertThatThrownBy(() -> read("11 0d 01")).hasMessageContaining("marker 13");
  }

  @Test
  void toleratesWhatEncodersGetWrong() throws ProtocolException {
    AmfValue.Fields wrongCount = (AmfValue.Fields) read("08 00000063 0001 61 05 0000 09");
    assertThat(wrongCount.fields()).containsOnlyKeys("a");
    AmfValue.Fields noEnd = (AmfValue.Fields) read("03 0001 61 05");
    assertThat(noEnd.fields()).containsOnlyKeys("a");
    AmfValue.Fields twice =
        (AmfValue.Fields) read("03 0001 61 02 0001 62 0001 61 02 0001 63 0000 09");
    assertThat(twice.text("a")).isEqualTo("c");
    AmfValue.Fields typed = (AmfValue.Fields) read("10 0001 58 0001 61 05 0000 09");
    assertThat(typed.fields()).containsOnlyKeys("a");
    assertThat(read("0c 00000002 6869")).isEqualTo(AmfValue.of("hi"));
    assertThat(read("07 0001")).isEqualTo(AmfValue.UNDEFINED);
    assertThat(read("0d")).isEqualTo(AmfValue.UNDEFINED);
  }

  @Test
  void boundsNestingStringsAndTheNumberOfValues() {
    assertThatThrownBy(() -> read("0a 00000001".repeat(18) + "05"))
        .hasMessage("AMF values nested deeper than 16");
    assertThatThrownBy(() -> read("0c 00010001" + "61".repeat(65_537)))
        .hasMessage("AMF string of 65537 bytes: at most 65536");
    assertThatThrownBy(() -> read("0a 0000ffff" + "05".repeat(65_535)))
        .hasMessage("more than 16384 AMF values in one message");
    assertThatThrownBy(() -> read("0a ffffffff 05")).isInstanceOf(ProtocolException.class);
  }

  @Test
  void readsUpToTheFirstValueThatIsNone() {
    ByteBuf in = Unpooled.wrappedBuffer(HexFile.parse("02 0001 61 05 ff 02 0001 62"));
    assertThat(new AmfReader(in).nextReadable()).containsExactly(AmfValue.of("a"), AmfValue.NULL);
  }

  @Test
  void anyBytesParseOrAreRefused() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        // Small numbers make markers and short lengths, so that values go deep.
        bytes[i] = random.nextInt(4) > 0 ? (byte) random.nextInt(18) : bytes[i];
      }
      AmfReader reader = new AmfReader(Unpooled.wrappedBuffer(bytes));
      try {
        while (reader.hasNext()) {
          assertThat(reader.next()).isNotNull();
        }
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Seeds.check(
        300,
        random -> {
          AmfValue value = anyValue(random, 4);
          assertThat(read(write(value))).isEqualTo(value);
        });
  }

  private static AmfValue anyValue(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 10)) {
      case 0 -> AmfValue.of(Double.longBitsToDouble(random.nextLong()));
      case 1 -> AmfValue.of(random.nextInt());
      case 2 -> AmfValue.of(random.nextBoolean());
      case 3 -> AmfValue.of(anyName(random, random.nextInt(31)));
      case 4 -> AmfValue.NULL;
      case 5 -> AmfValue.UNDEFINED;
      case 6, 7 -> new AmfObject(anyFields(random, depth));
      case 8 -> new AmfEcmaArray(anyFields(random, depth));
      default ->
          new AmfList(
              Stream.generate(() -> anyValue(random, depth - 1)).limit(random.nextInt(5)).toList());
    };
  }

  private static Map<String, AmfValue> anyFields(Random random, int depth) {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      fields.put(anyName(random, 1 + random.nextInt(8)), anyValue(random, depth - 1));
    }
    return fields;
  }

  private static String anyName(Random random, int length) {
    return random
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static AmfValue read(String hex) throws ProtocolException {
    return new AmfReader(Unpooled.wrappedBuffer(HexFile.parse(hex))).next();
  }

  private static String write(AmfValue value) {
    ByteBuf out = Unpooled.buffer();
    AmfWriter.write(out, value);
    return ByteBufUtil.hexDump(out);
  }
}
