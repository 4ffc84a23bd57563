package manycast.media.rtmp.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import manycast.media.bytes.HexFile;
import manycast.media.rtmp.chunk.ChunkHeader.Delta;
import manycast.media.rtmp.chunk.ChunkHeader.Full;
import org.junit.jupiter.api.Test;

final class ChunkEncoderTest {
  @Test
  void writesTheHeaderOfTheSpecificationsExample() {
    assertThat(encode(new Full(4, 26, 8, 1), 4096, "11".repeat(157)))
        .isEqualTo(hex("04 00001a 00009d 08 01000000" + "11".repeat(157)));
  }

  @Test
  void leavesTheMessageStreamOutOfDeltaHeadersSoThatAllDestinationsShareThem() {
    assertThat(encode(new Delta(6, 17, 9), 128, "22".repeat(130)))
        .isEqualTo(hex("46 000011 000082 09" + "22".repeat(128) + "c6 2222"));
  }

  @Test
  void repeatsTheExtendedTimestampInTypeThreeChunks() {
    assertThat(encode(new Full(6, 0x0100_0000, 9, 1), 128, "22".repeat(130)))
        .isEqualTo(
            hex("06 ffffff 000082 09 01000000 01000000" + "22".repeat(128) + "c6 01000000 2222"));
  }

  @Test
  void writesTheLargestTimeThatNeedsNoExtensionAndTheFirstThatDoes() {
    assertThat(encode(new Delta(4, 0xFFFFFE, 8), 128, "00"))
        .isEqualTo(hex("44 fffffe 000001 08 00"));
    assertThat(encode(new Delta(4, 0xFFFFFF, 8), 128, "00"))
        .isEqualTo(hex("44 ffffff 000001 08 00ffffff 00"));
  }

  @Test
  void putsNoEmptyChunkBehindABodyOfWholeChunks() {
    assertThat(encode(new Full(4, 0, 8, 1), 2, "aabbccdd"))
        .isEqualTo(hex("04 000000 000004 08 01000000 aabb c4 ccdd"));
  }

  @Test
  void writesABodyInTwoPartsAsOne() {
    ByteBuf start = Unpooled.wrappedBuffer(HexFile.parse("aabbcc"));
    ByteBuf rest = Unpooled.wrappedBuffer(HexFile.parse("ddee"));
    ByteBuf out = ChunkEncoder.encode(ByteBufAllocator.DEFAULT, new Delta(4, 0, 8), 2, start, rest);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex("44 000000 000005 08 aabb c4 ccdd c4 ee"));
    assertThat(out.capacity()).isEqualTo(out.readableBytes());
    out.release();
  }

  @Test
  void refusesWhatTheHeaderCannotHold() {
    assertThatThrownBy(() -> new Full(1, 0, 8, 1)).hasMessageContaining("2 to 65599");
    assertThatThrownBy(() -> new Delta(65_600, 0, 8)).hasMessageContaining("2 to 65599");
  }

  private static String encode(ChunkHeader header, int chunkSize, String bodyHex) {
    ByteBuf out =
        ChunkEncoder.encode(
            ByteBufAllocator.DEFAULT,
            header,
            chunkSize,
            Unpooled.wrappedBuffer(HexFile.parse(bodyHex)));
    try {
      assertThat(ChunkEncoder.encodedSize(header, chunkSize, bodyHex.length() / 2))
          .isEqualTo(out.readableBytes());
      return ByteBufUtil.hexDump(out);
    } finally {
      out.release();
    }
  }

  private static String hex(String text) {
    return text.replace(" ", "");
  }
}
