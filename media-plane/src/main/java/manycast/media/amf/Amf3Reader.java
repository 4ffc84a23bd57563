package manycast.media.amf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.media.amf.AmfValue.AmfBoolean;
import manycast.media.amf.AmfValue.AmfDate;
import manycast.media.amf.AmfValue.AmfEcmaArray;
import manycast.media.amf.AmfValue.AmfList;
import manycast.media.amf.AmfValue.AmfNumber;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.amf.AmfValue.AmfString;
import manycast.media.bytes.ProtocolException;

/**
 * Reads the one AMF3 value that stands behind AMF0's marker 17, as Flash-era encoders write it
 * (AMF3 §3). Bounds are those of the message's {@link AmfReader}. Strings and traits may refer back
 * within the value; objects that do are read as undefined.
 */
final class Amf3Reader {
  private final AmfReader in;
  private final List<String> strings = new ArrayList<>();
  private final List<Traits> traits = new ArrayList<>();

  /** What objects of one class have in common. */
  private record Traits(boolean dynamic, List<String> names) {}

  Amf3Reader(AmfReader in) {
    this.in = in;
  }

  AmfValue value(int depth) throws ProtocolException {
    in.enter(depth);
    int marker = in.unsignedByte();
    return switch (marker) {
      case 0 -> AmfValue.UNDEFINED;
      case 1 -> AmfValue.NULL;
      case 2 -> new AmfBoolean(false);
      case 3 -> new AmfBoolean(true);
      case 4 -> new AmfNumber(unsigned29() << 3 >> 3);
      case 5 -> new AmfNumber(in.number());
      case 6 -> new AmfString(string());
      case 7, 11 -> xml();
      case 8 -> date();
      case 9 -> array(depth);
      case 10 -> object(depth);
      case 12 -> bytes();
      default -> throw new ProtocolException("AMF3 marker " + marker + ": 0 to 12 (AMF3 §3.1)");
    };
  }

  /** §1.3.1: seven bits a byte, the fourth has eight. */
  private int unsigned29() throws ProtocolException {
    int value = 0;
    for (int i = 0; i < 3; i++) {
      int next = in.unsignedByte();
      value = value << 7 | next & 0x7F;
      if (next < 0x80) {
        return value;
      }
    }
    return value << 8 | in.unsignedByte();
  }

  /** §1.3.2: the empty string is never referred to. */
  private String string() throws ProtocolException {
    int head = unsigned29();
    if ((head & 1) == 0) {
      return referred(strings, head >> 1, "string");
    }
    String text = in.text(head >> 1);
    if (!text.isEmpty()) {
      strings.add(text);
    }
    return text;
  }

  private AmfValue xml() throws ProtocolException {
    int head = unsigned29();
    return (head & 1) == 0 ? AmfValue.UNDEFINED : new AmfString(in.text(head >> 1));
  }

  private AmfValue bytes() throws ProtocolException {
    int head = unsigned29();
    if ((head & 1) == 1) {
      in.skip(head >> 1);
    }
    return AmfValue.UNDEFINED;
  }

  private AmfValue date() throws ProtocolException {
    return (unsigned29() & 1) == 0 ? AmfValue.UNDEFINED : new AmfDate(in.number());
  }

  private AmfValue array(int depth) throws ProtocolException {
    int head = unsigned29();
    if ((head & 1) == 0) {
      return AmfValue.UNDEFINED;
    }
    Map<String, AmfValue> named = new LinkedHashMap<>();
    readNamed(named, depth);
    List<AmfValue> dense = new ArrayList<>();
    for (int i = 0; i < head >> 1; i++) {
      dense.add(value(depth + 1));
    }
    if (named.isEmpty()) {
      return new AmfList(dense);
    }
    for (int i = 0; i < dense.size(); i++) {
      named.put(String.valueOf(i), dense.get(i));
    }
    return new AmfEcmaArray(named);
  }

  private AmfValue object(int depth) throws ProtocolException {
    int head = unsigned29();
    if ((head & 1) == 0) {
      return AmfValue.UNDEFINED;
    }
    Traits ofThis = (head & 2) == 0 ? referred(traits, head >> 2, "class") : readTraits(head >> 2);
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    for (String name : ofThis.names()) {
      fields.put(name, value(depth + 1));
    }
    if (ofThis.dynamic()) {
      readNamed(fields, depth);
    }
    return new AmfObject(fields);
  }

  private Traits readTraits(int head) throws ProtocolException {
    if ((head & 1) == 1) {
      throw new ProtocolException("an AMF3 object that only its own class can read (§3.12)");
    }
    string(); // the class name
    List<String> names = new ArrayList<>();
    for (int i = 0; i < head >> 2; i++) {
      names.add(string());
    }
    Traits read = new Traits((head & 2) != 0, List.copyOf(names));
    traits.add(read);
    return read;
  }

  private void readNamed(Map<String, AmfValue> into, int depth) throws ProtocolException {
    for (String name = string(); !name.isEmpty(); name = string()) {
      into.put(name, value(depth + 1));
    }
  }

  private static <T> T referred(List<T> table, int index, String what) throws ProtocolException {
    if (index >= table.size()) {
      throw new ProtocolException(
          "AMF3 reference to %s %d of %d (§1.3.2)".formatted(what, index, table.size()));
    }
    return table.get(index);
  }
}
