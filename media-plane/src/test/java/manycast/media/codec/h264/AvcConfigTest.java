package manycast.media.codec.h264;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AvcConfigTest {
  @ParameterizedTest
  @CsvSource({
    "x264-high-1080p-29.97,           100, 40, 1920, 1080, 29.97",
    "x264-baseline-854x480-25,         66, 30,  854,  480, 25",
    "x264-high422-720x576-interlaced, 122, 30,  720,  576, 25",
    "x264-high444-322x182-60,         244, 21,  322,  182, 60",
  })
  void readsWhatX264Writes(
      String vector, int profile, int level, int width, int height, double frameRate)
      throws ProtocolException {
    ByteBuf record = Unpooled.wrappedBuffer(HexFile.read("codec/h264/" + vector + ".hex"));
    AvcConfig config = AvcConfig.read(record);
    assertThat(record.readerIndex()).isZero();
    assertThat(config.profile()).isEqualTo(profile);
    assertThat(config.level()).isEqualTo(level);
    assertThat(config.nalLengthSize()).isEqualTo(4);
    assertThat(config.pictureParameterSets()).hasSize(1);
    SequenceParameterSet set = SequenceParameterSet.read(config.sequenceParameterSets().getFirst());
    assertThat(set.profile()).isEqualTo(profile);
    assertThat(set.level()).isEqualTo(level);
    assertThat(set.width()).isEqualTo(width);
    assertThat(set.height()).isEqualTo(height);
    assertThat(set.frameRate()).isCloseTo(frameRate, Offset.offset(0.01));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x264-high-1080p-29.97", "x264-baseline-854x480-25"})
  void refusesEveryTruncationThatCutsAParameterSet(String vector) throws ProtocolException {
    byte[] record = HexFile.read("codec/h264/" + vector + ".hex");
    AvcConfig whole = AvcConfig.read(Unpooled.wrappedBuffer(record));
    int sets =
        8
            + whole.sequenceParameterSets().getFirst().length
            + 3
            + whole.pictureParameterSets().getFirst().length;
    for (int length = 0; length < sets; length++) {
      ByteBuf cut = Unpooled.wrappedBuffer(record, 0, length);
      assertThatThrownBy(() -> AvcConfig.read(cut))
          .as("%d bytes", length)
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("ends too early");
    }
    AvcConfig.read(Unpooled.wrappedBuffer(record, 0, sets));
  }

  @Test
  void toleratesOtherNalLengthSizesButNotThree() throws ProtocolException {
    assertThat(config("01640028fc e0 00").nalLengthSize()).isEqualTo(1);
    assertThat(config("01640028fd e0 00").nalLengthSize()).isEqualTo(2);
    assertThatThrownBy(() -> config("01640028fe e0 00")).hasMessageContaining("length size of 3");
    assertThatThrownBy(() -> config("00640028ff e0 00")).hasMessageContaining("version 0");
  }

  @Test
  void anyAlteredRecordParsesOrIsRefused() {
    byte[] record = HexFile.read("codec/h264/x264-high422-720x576-interlaced.hex");
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] altered = Arrays.copyOf(record, 1 + random.nextInt(record.length));
      for (int i = random.nextInt(6); i >= 0; i--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      }
      try {
        for (byte[] set : AvcConfig.read(Unpooled.wrappedBuffer(altered)).sequenceParameterSets()) {
          assertThat(SequenceParameterSet.read(set).width()).as("seed %d", seed).isPositive();
        }
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  @Test
  void findsAnIdrSliceAmongTheNalUnits() throws ProtocolException {
    assertThat(idr("00000002 0910 00000001 65", 4)).isTrue();
    assertThat(idr("00000002 0910 00000001 41", 4)).isFalse();
    assertThat(idr("00000000 00000001 65", 4)).as("an empty NAL unit before").isTrue();
    assertThat(idr("0002 0910 0001 65", 2)).isTrue();
    assertThat(idr("02 0910 01 65", 1)).isTrue();
    assertThat(idr("", 4)).isFalse();
  }

  @Test
  void refusesAnnexBAndCutNalUnits() {
    assertThatThrownBy(() -> idr("00000001 67640028 00000001 65", 4))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> idr("00000005 65", 4))
        .hasMessage("NAL unit of 5 bytes, the access unit has 1 left (ISO 14496-15 §5.3.3)");
    assertThatThrownBy(() -> idr("00000001 65 00", 4)).hasMessageContaining("1 bytes behind");
    assertThatThrownBy(() -> idr("ffffffff 65", 4)).isInstanceOf(ProtocolException.class);
  }

  private static AvcConfig config(String hex) throws ProtocolException {
    return AvcConfig.read(Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }

  private static boolean idr(String hex, int nalLengthSize) throws ProtocolException {
    return NalUnits.containIdr(Unpooled.wrappedBuffer(HexFile.parse(hex)), nalLengthSize);
  }
}
