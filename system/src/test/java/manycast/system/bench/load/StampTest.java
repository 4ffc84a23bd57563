package manycast.system.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StampTest {
  /**
   * Written by rtmpload's stamp_write for ingest 7, picture 123456789012, 987654321987654321 ns.
   */
  private static final String RTMPLOADS =
      "0000001e0ca6d0eab5a080808083c0808080f2fd998d8581dba6e9befefa84d69080";

  @Test
  void isTheStampOfRtmpload() {
    Stamp stamp = new Stamp(7, 123_456_789_012L, 987_654_321_987_654_321L);
    assertThat(HexFormat.of().formatHex(stamp.bytes())).isEqualTo(RTMPLOADS);
    assertThat(Stamp.read(HexFormat.of().parseHex(RTMPLOADS), Stamp.SIZE)).isEqualTo(stamp);
  }

  @Test
  void readsBackWhatItWrites() {
    Stamp stamp = new Stamp(7, 123_456_789_012L, Long.MAX_VALUE / 3);
    byte[] bytes = stamp.bytes();
    assertThat(bytes).hasSize(Stamp.SIZE);
    assertThat(Stamp.read(bytes, bytes.length)).isEqualTo(stamp);
  }

  @Test
  void holdsNoByteThatCouldBelongToAStartCode() {
    byte[] bytes = new Stamp(0, 0, 0).bytes();
    assertThat(HexFormat.of().formatHex(bytes, 0, 5)).isEqualTo("0000001e0c");
    assertThat(IntStream.range(5, bytes.length)).allMatch(i -> (bytes[i] & 0x80) != 0);
  }

  @Test
  void readsNothingFromAPictureWithoutOne() {
    byte[] bytes = new Stamp(1, 2, 3).bytes();
    byte[] otherMagic = bytes.clone();
    otherMagic[5] ^= 1;
    assertThat(Stamp.read(otherMagic, otherMagic.length)).isNull();
    byte[] otherNal = bytes.clone();
    otherNal[4] = 0x41;
    assertThat(Stamp.read(otherNal, otherNal.length)).isNull();
    assertThat(Stamp.read(Arrays.copyOf(bytes, 20), 20)).isNull();
  }
}
