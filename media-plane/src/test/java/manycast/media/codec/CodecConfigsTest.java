package manycast.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.hevc.HevcConfig;
import manycast.media.codec.hevc.HevcParameterSets;
import manycast.media.frame.Codec;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CodecConfigsTest {
  @ParameterizedTest
  @CsvSource({
    "H264, h264/x264-high-1080p-29.97, High, 4.0, 1920, 1080, 29.97, 0, false",
    "H264, h264/x264-baseline-854x480-25, Constrained Baseline, 3.0, 854, 480, 25, 8, false",
    "H264, h264/x264-high422-720x576-interlaced, High 4:2:2, 3.0, 720, 576, 25, 0, false",
    "HEVC, hevc/x265-main-720p-29.97, Main, 3.1, 1280, 720, 29.97, 8, true",
    "HEVC, hevc/x265-main10-480p-60, Main 10, 3.1, 854, 480, 60, 10, true",
    "HEVC, hevc/x265-444-322x182-25, Range Extensions, 2.0, 322, 182, 25, 8, true",
    "AV1, av1/svt-720p-30, Main, 3.1, 1280, 720, 0, 8, false",
    "AV1, av1/aom-10bit-322x182-60, Main, 2.0, 322, 182, 0, 10, false",
  })
  void describesWhatEncodersWrite(
      Codec codec,
      String vector,
      String profile,
      String level,
      int width,
      int height,
      double frameRate,
      int bitDepth,
      boolean reordered)
      throws ProtocolException {
    ByteBuf config = Unpooled.wrappedBuffer(HexFile.read("codec/" + vector + ".hex"));
    VideoDescription video = CodecConfigs.video(codec, config);
    assertThat(config.readerIndex()).isZero();
    assertThat(video.profile()).isEqualTo(profile);
    assertThat(video.level()).isEqualTo(level);
    assertThat(video.width()).isEqualTo(width);
    assertThat(video.height()).isEqualTo(height);
    assertThat(video.frameRate()).isCloseTo(frameRate, Offset.offset(0.01));
    assertThat(video.bitDepth()).isEqualTo(bitDepth);
    assertThat(video.reordered()).isEqualTo(reordered);
  }

  @ParameterizedTest
  @CsvSource({
    "AAC, 1190, LC, 48000, 2",
    "AAC, 2b118800, HE-AAC, 48000, 2",
    "OPUS, 4f70757348656164 01 02 3801 80bb0000 0000 00, '', 48000, 2",
    "OPUS, '', '', 48000, 0",
    "FLAC, 664c6143 80000022 1000 1000 000010 000020 0ac442f0 00000000, '', 44100, 2",
  })
  void describesSoundByItsConfig(
      Codec codec, String hex, String profile, int sampleRate, int channels)
      throws ProtocolException {
    assertThat(CodecConfigs.audio(codec, bytes(hex)))
        .isEqualTo(new AudioDescription(profile, sampleRate, channels));
  }

  @ParameterizedTest
  @CsvSource({
    "AC3, 0b77d676144043e1, 48000, 2",
    "EAC3, 0b77017f3487c000, 48000, 2",
    "MP3, fffb90640000026b, 44100, 2",
    "MP3, fff390c4, 22050, 1",
  })
  void describesSoundWithoutAConfigByAnAccessUnit(
      Codec codec, String hex, int sampleRate, int channels) throws ProtocolException {
    assertThat(CodecConfigs.audioFrame(codec, bytes(hex)))
        .isEqualTo(new AudioDescription("", sampleRate, channels));
  }

  @Test
  void aKeyframeOfVp9TellsTheSizeThatItsConfigDoesNot() throws ProtocolException {
    ByteBuf record = bytes("00 15 82 02 02 02 0000");
    VideoDescription config = CodecConfigs.video(Codec.VP9, record);
    assertThat(config).isEqualTo(new VideoDescription("0", "2.1", 0, 0, 0, 8, false));
    assertThat(CodecConfigs.video(Codec.VP9, bytes("01000000 00 15 82 02 02 02 0000")))
        .as("behind version and flags")
        .isEqualTo(config);
    // 10 00 0 0 1 0, the sync code, colour space 2 and range 0, then 639 and 359 in 16 bits each
    VideoDescription whole =
        CodecConfigs.withKeyframe(Codec.VP9, config, bytes("82 498342 40 27f0 1670 00"));
    assertThat(whole).isEqualTo(new VideoDescription("0", "2.1", 640, 360, 0, 8, false));
    assertThatThrownBy(
            () -> CodecConfigs.withKeyframe(Codec.VP9, config, bytes("86 498342 40 27f0 1670")))
        .hasMessageContaining("no VP9 keyframe");
  }

  @Test
  void theVideoParameterSetTellsTheRateWhereTheOtherOneDoesNot() throws ProtocolException {
    HevcConfig config =
        HevcConfig.read(
            Unpooled.wrappedBuffer(HexFile.read("codec/hevc/x265-main-720p-29.97.hex")));
    assertThat(config.nalLengthSize()).isEqualTo(4);
    assertThat(config.videoParameterSet()).isPresent();
    // Composed by hand: one sub-layer, one layer set, 1001 units of 1/60000 s a picture.
    assertThat(
            HevcParameterSets.readVideoFrameRate(
                HexFile.parse(
                    "40010c01ffff01600000030090000003000003005d95980c00000fa40003a98140")))
        .isCloseTo(59.94, Offset.offset(0.01));
    assertThat(HevcParameterSets.readVideoFrameRate(config.videoParameterSet().orElseThrow()))
        .as("x265 leaves it out there")
        .isZero();
  }

  @Test
  void refusesWhatIsSomethingElse() {
    assertThatThrownBy(() -> CodecConfigs.video(Codec.HEVC, bytes("0101")))
        .hasMessageContaining("hvcC of 2 bytes");
    assertThatThrownBy(() -> CodecConfigs.video(Codec.AV1, bytes("01050c00")))
        .hasMessageContaining("begins with 1");
    assertThatThrownBy(() -> CodecConfigs.video(Codec.AV1, bytes("81050c00 0aff")))
        .hasMessageContaining("OBU of 1 bytes, 0 are left");
    assertThatThrownBy(() -> CodecConfigs.audio(Codec.OPUS, bytes("4f707573")))
        .hasMessageContaining("OpusHead");
    assertThatThrownBy(() -> CodecConfigs.audio(Codec.FLAC, bytes("664c6143")))
        .hasMessageContaining("STREAMINFO");
    assertThatThrownBy(() -> CodecConfigs.audioFrame(Codec.AC3, bytes("0b78")))
        .hasMessageContaining("0B77");
    assertThatThrownBy(() -> CodecConfigs.audioFrame(Codec.MP3, bytes("fffb9c64")))
        .hasMessageContaining("reserved");
  }

  @Test
  void anyAlteredConfigIsReadWithinBoundsOrRefused() {
    List<Seed> seeds =
        List.of(
            new Seed(Codec.HEVC, HexFile.read("codec/hevc/x265-main-720p-29.97.hex")),
            new Seed(Codec.HEVC, HexFile.read("codec/hevc/x265-main10-480p-60.hex")),
            new Seed(Codec.HEVC, HexFile.read("codec/hevc/x265-444-322x182-25.hex")),
            new Seed(Codec.AV1, HexFile.read("codec/av1/svt-720p-30.hex")),
            new Seed(Codec.AV1, HexFile.read("codec/av1/aom-10bit-322x182-60.hex")),
            new Seed(Codec.VP9, HexFile.parse("01000000 0015820202020000")),
            new Seed(Codec.H264, HexFile.read("codec/h264/x264-high-1080p-29.97.hex")));
    for (long seed = 0; seed < 60_000; seed++) {
      Random random = new Random(seed);
      Seed chosen = seeds.get(random.nextInt(seeds.size()));
      // Parameter sets stand at the front; behind them x265 and x264 put hundreds of bytes of SEI.
      int front = Math.min(chosen.bytes.length, 130);
      byte[] altered =
          random.nextInt(4) == 0
              ? Arrays.copyOf(chosen.bytes, random.nextInt(front) + 1)
              : chosen.bytes.clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        altered[random.nextInt(Math.min(front, altered.length))] = (byte) random.nextInt();
      }
      try {
        VideoDescription read = CodecConfigs.video(chosen.codec, Unpooled.wrappedBuffer(altered));
        assertThat(read.width()).as("seed %d", seed).isBetween(0, 1 << 16);
        assertThat(read.height()).as("seed %d", seed).isBetween(0, 1 << 17);
        assertThat(read.frameRate()).as("seed %d", seed).isBetween(0.0, 1000.0);
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  @Test
  void anyBytesOfSoundAreReadWithinBoundsOrRefused() {
    List<byte[]> starts =
        List.of(
            HexFile.parse("4f70757348656164 01 02 3801 80bb0000 0000 00"),
            HexFile.parse("664c6143 80000022 1000 1000 000010 000020 0ac442f0 00000000"),
            HexFile.parse("0b77d676144043e10000"),
            HexFile.parse("0b77017f3487c0000000"),
            HexFile.parse("fffb90640000026b"));
    List<Codec> codecs =
        List.of(Codec.AAC, Codec.OPUS, Codec.FLAC, Codec.AC3, Codec.EAC3, Codec.MP3);
    for (long seed = 0; seed < 30_000; seed++) {
      Random random = new Random(seed);
      byte[] start = starts.get(random.nextInt(starts.size()));
      byte[] altered = Arrays.copyOf(start, random.nextInt(start.length + 1));
      for (int i = random.nextInt(4); i > 0 && altered.length > 0; i--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      }
      Codec codec = codecs.get(random.nextInt(codecs.size()));
      assertHarmless(() -> CodecConfigs.audio(codec, Unpooled.wrappedBuffer(altered)), seed);
      assertHarmless(() -> CodecConfigs.audioFrame(codec, Unpooled.wrappedBuffer(altered)), seed);
    }
  }

  private record Seed(Codec codec, byte[] bytes) {}

  private interface Reading {
    AudioDescription read() throws ProtocolException;
  }

  private static void assertHarmless(Reading reading, long seed) {
    try {
      AudioDescription read = reading.read();
      assertThat(read.sampleRate()).as("seed %d", seed).isBetween(0, 1 << 24);
      assertThat(read.channels()).as("seed %d", seed).isBetween(0, 255);
    } catch (ProtocolException refused) {
      assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
    }
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFile.parse(hex));
  }
}
