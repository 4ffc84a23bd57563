package manycast.media.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import manycast.media.flv.VideoTagHeader.FrameType;
import manycast.media.frame.Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnhancedTagTest {
  /**
   * What {@link #text} makes of each tag: frame type, packet type, nanoseconds, then the tracks.
   */
  @ParameterizedTest
  @CsvSource({
    "HEVC config,            90 68766331 0102,                     1 0 0 | 0 hvc1 0102",
    "HEVC key with offset,   91 68766331 000042 aa,                1 1 0 | 0 hvc1 000042aa",
    "HEVC key without,       93 68766331 aa,                       1 3 0 | 0 hvc1 aa",
    "HEVC inter,             a1 68766331 ffffdf aa,                2 1 0 | 0 hvc1 ffffdfaa",
    "HEVC generated key,     c3 68766331 aa,                       4 3 0 | 0 hvc1 aa",
    "HEVC end as OBS has it, a2 68766331,                          2 2 0 | 0 hvc1 ''",
    "AV1 key,                91 61763031 aabb,                     1 1 0 | 0 av01 aabb",
    "AV1 config for TS,      95 61763031 80,                       1 5 0 | 0 av01 80",
    "colours from OBS,       84 68766331 0200,                     0 4 0 | 0 hvc1 0200",
    "colours from FFmpeg,    d4 76703039 0200,                     5 4 0 | 0 vp09 0200",
    "a codec of tomorrow,    91 78797a31 aa,                       1 1 0 | 0 xyz1 aa",
    "a type of tomorrow,     9b 68766331 aa,                       1 11 0 | 0 hvc1 aa",
    "one track,              96 00 61766331 01 0164,               1 0 0 | 1 avc1 0164",
    "a frame of one track,   a6 01 61766331 01 000000 aa,          2 1 0 | 1 avc1 000000aa",
    "two tracks, 96 13 68766331 00 000001 aa 07 000002 bbcc,       1 3 0 | 0 hvc1 aa | 7 hvc1 bbcc",
    "two codecs, 96 23 68766331 00 000001 aa 61763031 01 000002 bbcc, 1 3 0 | 0 hvc1 aa | 1 av01 bbcc",
    "an empty track, 96 13 68766331 00 000000 01 000001 bb,        1 3 0 | 0 hvc1 '' | 1 hvc1 bb",
    "nanoseconds,            97 02 03d090 03 68766331 aa,          1 3 250000 | 0 hvc1 aa",
    "too many nanoseconds,   97 02 ffffff 03 68766331 aa,          1 3 999999 | 0 hvc1 aa",
    "an unknown modifier,    97 00 ff 53 68766331 aa,              1 3 0 | 0 hvc1 aa",
    "two modifiers, 97 01 0102 17 02 000001 03 68766331 aa,        1 3 1 | 0 hvc1 aa",
    "nanoseconds and tracks, 97 02 000005 06 13 68766331 02 000001 aa, 1 3 5 | 2 hvc1 aa",
    "a command,              d1 00,                                5 1 0",
  })
  void readsVideo(String name, String hex, String expected) throws ProtocolException {
    ByteBuf body = buffer(hex);
    assertThat(text(body, EnhancedTag.readVideo(body))).as(name).isEqualTo(plain(expected));
    assertThat(body.readerIndex()).isZero();
    assertCutAnywhereNeverReadsBeyond(HexFile.parse(hex), true);
  }

  @ParameterizedTest
  @CsvSource({
    "Opus config,       90 4f707573 4f707573,                      0 0 0 | 0 Opus 4f707573",
    "Opus without one,  90 4f707573,                               0 0 0 | 0 Opus ''",
    "Opus frame,        91 4f707573 fc01,                          0 1 0 | 0 Opus fc01",
    "AAC frame,         91 6d703461 2100,                          0 1 0 | 0 mp4a 2100",
    "channels,          94 664c6143 0102 00000003,                 0 4 0 | 0 fLaC 010200000003",
    "end,               92 61632d33,                               0 2 0 | 0 ac-3 ''",
    "one track,         95 01 4f707573 01 fc,                      0 1 0 | 1 Opus fc",
    "two tracks, 95 11 4f707573 00 000001 aa 01 000001 bb,         0 1 0 | 0 Opus aa | 1 Opus bb",
    "two codecs, 95 21 4f707573 00 000001 aa 2e6d7033 01 000001 bb, 0 1 0 | 0 Opus aa | 1 .mp3 bb",
    "nanoseconds,       97 02 00000a 01 4f707573 aa,               0 1 10 | 0 Opus aa",
  })
  void readsAudio(String name, String hex, String expected) throws ProtocolException {
    ByteBuf body = buffer(hex);
    assertThat(text(body, EnhancedTag.readAudio(body))).as(name).isEqualTo(plain(expected));
    assertThat(body.readerIndex()).isZero();
    assertCutAnywhereNeverReadsBeyond(HexFile.parse(hex), false);
  }

  @Test
  void aModifierOfMoreThan256BytesSaysItsSizeInTwo() throws ProtocolException {
    byte[] padding = new byte[300];
    ByteBuf body =
        Unpooled.wrappedBuffer(
            HexFile.parse("97 ff 012b"), padding, HexFile.parse("11 68766331 000000 aa"));
    assertThat(text(body, EnhancedTag.readVideo(body))).isEqualTo("1 1 0 | 0 hvc1 000000aa");
  }

  @Test
  void refusesWhatLeadsOutOfTheMessageOrCostsTooMuch() {
    assertThatThrownBy(() -> video("96 13 68766331 00 ffffff aa"))
        .hasMessageContaining("16777215 wanted, 1 left");
    assertThatThrownBy(() -> video("96 16 68766331 00 000001 aa"))
        .hasMessageContaining("packet type 6 inside");
    assertThatThrownBy(() -> video("96 17 68766331 00 000001 aa"))
        .hasMessageContaining("packet type 7 inside");
    assertThatThrownBy(() -> video("96 33 68766331 00 000001 aa"))
        .hasMessageContaining("multitrack type 3");
    assertThatThrownBy(() -> video("96 13 68766331" + " 01 000000".repeat(33)))
        .hasMessageContaining("more than 32 tracks");
    assertThatThrownBy(() -> video("97 ff ffff")).hasMessageContaining("65536 wanted, 0 left");
  }

  @Test
  void anyAlteredTagIsReadWithinItsBytesOrRefused() {
    List<byte[]> seeds =
        List.of(
            HexFile.parse("97 02 000005 06 23 68766331 02 000001 aa 61763031 01 000002 bbcc"),
            HexFile.parse("96 13 68766331 00 000001 aa 07 000002 bbcc"),
            HexFile.parse("95 21 4f707573 00 000001 aa 2e6d7033 01 000001 bb"));
    for (long seed = 0; seed < 50_000; seed++) {
      Random random = new Random(seed);
      byte[] original = seeds.get(random.nextInt(seeds.size()));
      byte[] altered = Arrays.copyOf(original, 1 + random.nextInt(original.length));
      for (int i = random.nextInt(5); i > 0; i--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      }
      assertWithin(altered, random.nextBoolean());
    }
  }

  @Test
  void writesHeadersThatItReads() throws ProtocolException {
    ByteBuf video = Unpooled.buffer();
    EnhancedTag.writeVideo(video, FrameType.GENERATED_KEY, 3, FourCc.HVC1);
    assertThat(ByteBufUtil.hexDump(video)).isEqualTo("c368766331");
    ByteBuf audio = Unpooled.buffer();
    EnhancedTag.writeAudio(audio, 1, FourCc.OPUS);
    assertThat(ByteBufUtil.hexDump(audio)).isEqualTo("914f707573");
    assertThat(text(audio, EnhancedTag.readAudio(audio))).isEqualTo("0 1 0 | 0 Opus ");
  }

  @Test
  void everyCodecWithLettersHasThemForOneKindOnly() {
    for (Codec codec : Codec.values()) {
      FourCc fourCc = FourCc.of(codec);
      if (fourCc != null) {
        Codec video = FourCc.video(fourCc.value());
        Codec audio = FourCc.audio(fourCc.value());
        assertThat(Arrays.asList(video, audio)).containsExactlyInAnyOrder(codec, null);
      }
    }
    assertThat(FourCc.text(0x78_00_7A_31)).isEqualTo("x?z1");
  }

  private static void assertCutAnywhereNeverReadsBeyond(byte[] whole, boolean video) {
    for (int length = 1; length < whole.length; length++) {
      assertWithin(Arrays.copyOf(whole, length), video);
    }
  }

  private static void assertWithin(byte[] bytes, boolean video) {
    ByteBuf body = Unpooled.wrappedBuffer(bytes);
    try {
      EnhancedTag tag = video ? EnhancedTag.readVideo(body) : EnhancedTag.readAudio(body);
      for (EnhancedTag.Part part : tag.parts()) {
        assertThat(part.from()).isPositive();
        assertThat(part.length()).isNotNegative();
        assertThat(part.from() + part.length()).isLessThanOrEqualTo(bytes.length);
      }
    } catch (ProtocolException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static void video(String hex) throws ProtocolException {
    EnhancedTag.readVideo(buffer(hex));
  }

  private static ByteBuf buffer(String hex) {
    return Unpooled.wrappedBuffer(HexFile.parse(hex));
  }

  private static String plain(String expected) {
    return expected.replace("''", "");
  }

  private static String text(ByteBuf body, EnhancedTag tag) {
    List<String> words = new ArrayList<>();
    words.add(tag.frameType() + " " + tag.packetType() + " " + tag.nanoOffset());
    for (EnhancedTag.Part part : tag.parts()) {
      words.add(
          "%d %s %s"
              .formatted(
                  part.trackId(),
                  FourCc.text(part.fourCc()),
                  ByteBufUtil.hexDump(body, part.from(), part.length())));
    }
    return String.join(" | ", words);
  }
}
