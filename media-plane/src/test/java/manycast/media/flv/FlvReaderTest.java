package manycast.media.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Objects;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import org.junit.jupiter.api.Test;

final class FlvReaderTest {
  /**
   * By FLV §E.2 to §E.4: a header, an audio tag, and a video tag whose time needs its fourth byte.
   */
  private static final byte[] FILE =
      HexFile.parse(
          "464c5601 05 00000009 00000000"
              + "08 000002 00001a 00 000000 af01 0000000d"
              + "09 000003 000001 02 000000 270100 0000000e");

  @Test
  void readsTagsWithTheirTimes() throws ProtocolException {
    ByteBuf file = Unpooled.wrappedBuffer(FILE);
    FlvReader reader = new FlvReader(file);
    assertTag(Objects.requireNonNull(reader.next()), FlvTag.AUDIO, 26, "af01");
    assertTag(Objects.requireNonNull(reader.next()), FlvTag.VIDEO, 0x0200_0001L, "270100");
    assertThat(reader.next()).isNull();
    assertThat(file.refCnt()).isEqualTo(1);
  }

  @Test
  void refusesAFileThatEndsInsideATag() throws ProtocolException {
    int firstTagEnd = 13 + 11 + 2;
    for (int length = 14; length < firstTagEnd; length++) {
      FlvReader reader = new FlvReader(Unpooled.wrappedBuffer(Arrays.copyOf(FILE, length)));
      assertThatThrownBy(reader::next).as("%d bytes", length).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void refusesWhatIsNoFlvFile() {
    assertThatThrownBy(() -> new FlvReader(Unpooled.wrappedBuffer(new byte[100])))
        .hasMessageContaining("no FLV file");
    assertThatThrownBy(() -> new FlvReader(Unpooled.wrappedBuffer(Arrays.copyOf(FILE, 12))))
        .hasMessageContaining("no FLV file");
  }

  private static void assertTag(FlvTag tag, int type, long timestampMs, String bodyHex) {
    assertThat(tag.type()).isEqualTo(type);
    assertThat(tag.timestampMs()).isEqualTo(timestampMs);
    assertThat(ByteBufUtil.hexDump(tag.body())).isEqualTo(bodyHex);
    tag.body().release();
  }
}
