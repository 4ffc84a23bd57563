package manycast.launcher.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Amf0Test {
  @Test
  void writesAndReadsTheExamplesOfTheSpecification() throws RtmpException {
    // AMF 0 §2.2 number, §2.3 boolean, §2.4 string, §2.5 object, §2.7 null.
    String hex = "00 3ff8000000000000 01 01 02 0003 666f6f 03 0001 61 05 0000 09 05";
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("a", null);
    byte[] bytes = Amf0.write(1.5, true, "foo", object, null);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex.replace(" ", ""));
    assertThat(Amf0.read(bytes)).containsExactly(1.5, true, "foo", object, null);
  }

  @Test
  void takesTheCountOfAnEcmaArrayForAHint() throws RtmpException {
    byte[] bytes = HexFormat.of().parseHex("08000000ff" + "000161" + "0101" + "000009");
    assertThat(Amf0.read(bytes)).containsExactly(Map.of("a", true));
  }

  @Test
  void readsAStrictArrayAndBelievesNoCountBeyondTheBody() throws RtmpException {
    // AMF 0 §2.12.
    byte[] bytes = HexFormat.of().parseHex("0a00000002" + "0200012a" + "0101");
    assertThat(Amf0.read(bytes)).containsExactly(List.of("*", true));
    byte[] lying = HexFormat.of().parseHex("0affffffff" + "0101");
    assertThatThrownBy(() -> Amf0.read(lying)).isInstanceOf(RtmpException.class);
  }

  @Test
  void refusesEveryCutOffValue() {
    byte[] whole = Amf0.write(1.5, "foo", Map.of("a", true));
    for (int length : new int[] {1, 5, 10, 13, 17, 20, whole.length - 1}) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Amf0.read(part)).isInstanceOf(RtmpException.class);
    }
  }

  @Test
  void refusesDeepNesting() {
    byte[] deep = HexFormat.of().parseHex("03000161".repeat(1000));
    assertThatThrownBy(() -> Amf0.read(deep))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("nested");
  }
}
