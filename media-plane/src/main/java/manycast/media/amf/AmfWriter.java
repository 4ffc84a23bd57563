package manycast.media.amf;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import manycast.media.amf.AmfValue.AmfBoolean;
import manycast.media.amf.AmfValue.AmfDate;
import manycast.media.amf.AmfValue.AmfEcmaArray;
import manycast.media.amf.AmfValue.AmfList;
import manycast.media.amf.AmfValue.AmfNull;
import manycast.media.amf.AmfValue.AmfNumber;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.amf.AmfValue.AmfString;
import manycast.media.amf.AmfValue.AmfUndefined;

/** Appends AMF0 values to a buffer. */
public final class AmfWriter {
  private static final int MAX_SHORT = 0xFFFF;

  private AmfWriter() {}

  /** Appends one value. */
  public static void write(ByteBuf out, AmfValue value) {
    switch (value) {
      case AmfNumber(double number) -> marker(out, AmfMarker.NUMBER).writeDouble(number);
      case AmfBoolean(boolean flag) -> marker(out, AmfMarker.BOOLEAN).writeBoolean(flag);
      case AmfString(String text) -> writeString(out, text);
      case AmfObject(Map<String, AmfValue> fields) -> {
        marker(out, AmfMarker.OBJECT);
        writeFields(out, fields);
      }
      case AmfEcmaArray(Map<String, AmfValue> fields) -> {
        marker(out, AmfMarker.ECMA_ARRAY).writeInt(fields.size());
        writeFields(out, fields);
      }
      case AmfList list -> {
        marker(out, AmfMarker.STRICT_ARRAY).writeInt(list.values().size());
        list.values().forEach(element -> write(out, element));
      }
      case AmfDate(double epochMs) ->
          marker(out, AmfMarker.DATE).writeDouble(epochMs).writeShort(0);
      case AmfNull _ -> marker(out, AmfMarker.NULL);
      case AmfUndefined _ -> marker(out, AmfMarker.UNDEFINED);
    }
  }

  private static ByteBuf marker(ByteBuf out, AmfMarker marker) {
    return out.writeByte(marker.id);
  }

  private static void writeString(ByteBuf out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > MAX_SHORT) {
      marker(out, AmfMarker.LONG_STRING).writeInt(utf8.length);
    } else {
      marker(out, AmfMarker.STRING).writeShort(utf8.length);
    }
    out.writeBytes(utf8);
  }

  private static void writeFields(ByteBuf out, Map<String, AmfValue> fields) {
    fields.forEach(
        (name, value) -> {
          byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
          if (utf8.length > MAX_SHORT) {
            throw new IllegalArgumentException(
                "field name of " + utf8.length + " bytes: at most " + MAX_SHORT);
          }
          out.writeShort(utf8.length).writeBytes(utf8);
          write(out, value);
        });
    out.writeShort(0);
    marker(out, AmfMarker.OBJECT_END);
  }
}
