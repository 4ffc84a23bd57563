package manycast.media.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import manycast.media.flv.AudioTagHeader.Aac;
import manycast.media.flv.AudioTagHeader.AacPacketType;
import manycast.media.flv.VideoTagHeader.Avc;
import manycast.media.flv.VideoTagHeader.AvcPacketType;
import manycast.media.flv.VideoTagHeader.FrameType;
import org.junit.jupiter.api.Test;

final class TagHeaderTest {
  @Test
  void readsAndWritesH264Headers() throws ProtocolException {
    assertAvc("17 00 000000", new Avc(FrameType.KEY, AvcPacketType.CODEC_CONFIG, 0));
    assertAvc("17 01 000042", new Avc(FrameType.KEY, AvcPacketType.ACCESS_UNIT, 66));
    assertAvc("27 01 ffffdf", new Avc(FrameType.INTER, AvcPacketType.ACCESS_UNIT, -33));
    assertAvc("37 01 000000", new Avc(FrameType.DISPOSABLE, AvcPacketType.ACCESS_UNIT, 0));
    assertAvc("17 02 000000", new Avc(FrameType.KEY, AvcPacketType.END_OF_SEQUENCE, 0));
  }

  @Test
  void readsAndWritesAacHeaders() throws ProtocolException {
    assertAac("af 00", new Aac(AacPacketType.CODEC_CONFIG));
    assertAac("af 01", new Aac(AacPacketType.ACCESS_UNIT));
    assertThat(audio("aa 01 ff")).as("rate and channels mean nothing").isInstanceOf(Aac.class);
  }

  @Test
  void knowsWhatIsToBeDropped() throws ProtocolException {
    assertThat(video("")).isEqualTo(new VideoTagHeader.Empty());
    assertThat(video("57 00")).isEqualTo(new VideoTagHeader.PlayerCommand());
    assertThat(audio("")).isEqualTo(new AudioTagHeader.Empty());
  }

  @Test
  void namesOtherLegacyCodecs() throws ProtocolException {
    assertThat(video("1c 01 000021"))
        .as("HEVC as some Asian CDNs have it")
        .isEqualTo(new Avc(12, FrameType.KEY, AvcPacketType.ACCESS_UNIT, 33));
    assertThat(video("14")).isEqualTo(new VideoTagHeader.Other(FrameType.KEY, 4));
    assertThat(video("22")).isEqualTo(new VideoTagHeader.Other(FrameType.INTER, 2));
    assertThat(audio("2f")).isEqualTo(new AudioTagHeader.Other(2));
  }

  @Test
  void refusesWhatFlvDoesNotHave() {
    assertThatThrownBy(() -> video("07 01 000000")).hasMessageContaining("frame type 0");
    assertThatThrownBy(() -> video("17 03 000000")).hasMessageContaining("AVCPacketType 3");
    assertThatThrownBy(() -> video("17 01 0000")).hasMessageContaining("H.264 tag of 4 bytes");
    assertThatThrownBy(() -> audio("af")).hasMessageContaining("AAC tag of 1 byte");
    assertThatThrownBy(() -> audio("af 02")).hasMessageContaining("AACPacketType 2");
  }

  @Test
  void readsEveryFirstPairOfBytesOrRefusesIt() {
    for (int pair = 0; pair < 1 << 16; pair++) {
      ByteBuf body = Unpooled.buffer().writeShort(pair).writeMedium(0);
      try {
        assertThat(VideoTagHeader.read(body)).isNotNull();
        assertThat(AudioTagHeader.read(body)).isNotNull();
        assertThat(body.readerIndex()).isZero();
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  private static void assertAvc(String hex, Avc header) throws ProtocolException {
    assertThat(video(hex)).isEqualTo(header);
    assertThat(Avc.LENGTH).isEqualTo(5);
    ByteBuf out = Unpooled.buffer();
    header.write(out);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex.replace(" ", ""));
  }

  private static void assertAac(String hex, Aac header) throws ProtocolException {
    assertThat(audio(hex)).isEqualTo(header);
    assertThat(Aac.LENGTH).isEqualTo(2);
    ByteBuf out = Unpooled.buffer();
    header.write(out);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex.replace(" ", ""));
  }

  private static VideoTagHeader video(String hex) throws ProtocolException {
    return VideoTagHeader.read(Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }

  private static AudioTagHeader audio(String hex) throws ProtocolException {
    return AudioTagHeader.read(Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }
}
