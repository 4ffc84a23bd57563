package manycast.launcher.rtmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of AMF 0 that commands and metadata use. Values are {@link Double}, {@link Boolean},
 * {@link String}, maps (objects and ECMA arrays), lists (strict arrays) and null (null and
 * undefined).
 */
public final class Amf0 {
  private static final int NUMBER = 0;
  private static final int BOOLEAN = 1;
  private static final int STRING = 2;
  private static final int OBJECT = 3;
  private static final int NULL = 5;
  private static final int UNDEFINED = 6;
  private static final int ECMA_ARRAY = 8;
  private static final int OBJECT_END = 9;
  private static final int STRICT_ARRAY = 10;
  private static final int DEEPEST = 16;

  /** All values of a message body, to its last byte. */
  public static List<@Nullable Object> read(byte[] body) throws RtmpException {
    ByteBuffer in = ByteBuffer.wrap(body);
    List<@Nullable Object> values = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        values.add(readValue(in, 0));
      }
    } catch (BufferUnderflowException cutOff) {
      throw new RtmpException("AMF 0 value cut off after %d bytes".formatted(body.length));
    }
    return values;
  }

  private static @Nullable Object readValue(ByteBuffer in, int depth) throws RtmpException {
    if (depth > DEEPEST) {
      throw new RtmpException("AMF 0 values nested deeper than %d".formatted(DEEPEST));
    }
    int marker = in.get() & 0xFF;
    return switch (marker) {
      case NUMBER -> in.getDouble();
      case BOOLEAN -> in.get() != 0;
      case STRING -> readString(in);
      case OBJECT -> readMembers(in, depth);
      case NULL, UNDEFINED -> null;
      case ECMA_ARRAY -> {
        in.getInt(); // a hint of the count, says AMF 0 §2.10
        yield readMembers(in, depth);
      }
      case STRICT_ARRAY -> readItems(in, depth);
      default ->
          throw new RtmpException(
              "AMF 0 marker %d: one of 0-3, 5, 6, 8, 10 is expected".formatted(marker));
    };
  }

  private static List<@Nullable Object> readItems(ByteBuffer in, int depth) throws RtmpException {
    List<@Nullable Object> items = new ArrayList<>();
    for (long left = Integer.toUnsignedLong(in.getInt()); left > 0; left--) {
      items.add(readValue(in, depth + 1)); // ends where the body does, whatever the count says
    }
    return items;
  }

  private static Map<String, @Nullable Object> readMembers(ByteBuffer in, int depth)
      throws RtmpException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (true) {
      String name = readString(in);
      if (name.isEmpty()) {
        int end = in.get();
        if (end != OBJECT_END) {
          throw new RtmpException(
              "AMF 0 object ends with %d: 9 is its end (AMF 0 §2.11)".formatted(end));
        }
        return members;
      }
      members.put(name, readValue(in, depth + 1));
    }
  }

  private static String readString(ByteBuffer in) {
    byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }

  /** A body that holds these values. Maps are written as objects. */
  public static byte[] write(@Nullable Object... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (Object value : values) {
        writeValue(out, value);
      }
    } catch (IOException cannotHappen) {
      throw new UncheckedIOException(cannotHappen);
    }
    return bytes.toByteArray();
  }

  private static void writeValue(DataOutputStream out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeByte(NULL);
      case Number number -> {
        out.writeByte(NUMBER);
        out.writeDouble(number.doubleValue());
      }
      case Boolean bool -> {
        out.writeByte(BOOLEAN);
        out.writeByte(bool ? 1 : 0);
      }
      case String string -> {
        out.writeByte(STRING);
        writeString(out, string);
      }
      case Map<?, ?> members -> {
        out.writeByte(OBJECT);
        for (Map.Entry<?, ?> member : members.entrySet()) {
          writeString(out, String.valueOf(member.getKey()));
          writeValue(out, member.getValue());
        }
        writeString(out, "");
        out.writeByte(OBJECT_END);
      }
      default -> throw new IllegalArgumentException("no AMF 0 value: " + value.getClass());
    }
  }

  private static void writeString(DataOutputStream out, String string) throws IOException {
    byte[] bytes = string.getBytes(UTF_8);
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private Amf0() {}
}
