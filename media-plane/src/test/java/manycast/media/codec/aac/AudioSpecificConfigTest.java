package manycast.media.codec.aac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AudioSpecificConfigTest {
  /** Built by hand from the bit fields of ISO 14496-3 §1.6.2.1; the first is also FFmpeg's. */
  @ParameterizedTest
  @CsvSource({
    "AAC-LC 48 kHz stereo,                      1190,               2, 48000, 2",
    "AAC-LC 44.1 kHz stereo,                    1210,               2, 44100, 2",
    "with the implicit SBR signal behind,       119056e500,         2, 48000, 2",
    "AAC-LC 7.1,                                11b8,               2, 48000, 8",
    "HE-AAC with explicit SBR 24 to 48 kHz,     2b118800,           5, 48000, 2",
    "an explicit rate of 47999 Hz,              17805dbf90,         2, 47999, 2",
    "object type 42 by escape,                  f946400000,        42, 48000, 2",
  })
  void readsTheFieldsOfADisplay(String name, String hex, int type, int rate, int channels)
      throws ProtocolException {
    assertThat(read(hex)).as(name).isEqualTo(new AudioSpecificConfig(type, rate, channels));
  }

  @Test
  void refusesTruncationAndReservedRates() {
    assertThatThrownBy(() -> read("")).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> read("11")).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> read("1690")).hasMessageContaining("frequency index 13");
  }

  @Test
  void readsEveryPairOfBytesOrRefusesIt() {
    for (int pair = 0; pair < 1 << 16; pair++) {
      try {
        assertThat(AudioSpecificConfig.read(Unpooled.buffer().writeShort(pair)).sampleRate())
            .isPositive();
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  private static AudioSpecificConfig read(String hex) throws ProtocolException {
    return AudioSpecificConfig.read(Unpooled.wrappedBuffer(HexFile.parse(hex)));
  }
}
