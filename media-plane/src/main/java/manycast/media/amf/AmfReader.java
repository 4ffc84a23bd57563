package manycast.media.amf;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
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
 * Reads AMF0 values out of one message, and AMF3 ones where marker 17 announces them.
 *
 * <p>Lenient where encoders are careless: an end marker may be missing at the end of the message,
 * the count of an ECMA array means nothing, of equal keys the last wins. Strict where it costs us:
 * nesting, lengths and the number of values are bounded.
 */
public final class AmfReader {
  /** How deep objects and arrays may lie in each other. */
  public static final int MAX_NESTING = 16;

  /** The longest string in bytes. */
  public static final int MAX_STRING = 64 << 10;

  /** How many values one message may hold, so that a message of nulls stays small in memory. */
  public static final int MAX_VALUES = 16 << 10;

  private final ByteBuf in;
  private int values;

  /** A reader from the buffer's reader index on; the buffer is lent for the reader's life. */
  public AmfReader(ByteBuf in) {
    this.in = in;
  }

  /** Is there another value? */
  public boolean hasNext() {
    return in.isReadable();
  }

  /**
   * The next value.
   *
   * @throws ProtocolException when it is truncated, unknown, too deep or too long
   */
  public AmfValue next() throws ProtocolException {
    return value(0);
  }

  /** All values up to the end, or up to the first that cannot be read: what follows is lost. */
  public List<AmfValue> nextReadable() {
    List<AmfValue> read = new ArrayList<>();
    try {
      while (hasNext()) {
        read.add(next());
      }
    } catch (ProtocolException unreadable) {
      in.readerIndex(in.writerIndex());
    }
    return read;
  }

  private AmfValue value(int depth) throws ProtocolException {
    enter(depth);
    require(1);
    return switch (AmfMarker.of(in.readUnsignedByte())) {
      case NUMBER -> new AmfNumber(number());
      case BOOLEAN -> new AmfBoolean(unsignedByte() != 0);
      case STRING -> new AmfString(text(unsignedShort()));
      case LONG_STRING, XML_DOCUMENT -> new AmfString(text(unsignedInt()));
      case OBJECT -> new AmfObject(fields(depth));
      case TYPED_OBJECT -> typedObject(depth);
      case ECMA_ARRAY -> ecmaArray(depth);
      case STRICT_ARRAY -> list(depth);
      case DATE -> date();
      case NULL -> AmfValue.NULL;
      case UNDEFINED, UNSUPPORTED -> AmfValue.UNDEFINED;
      case REFERENCE -> reference();
      case AMF3 -> new Amf3Reader(this).value(depth + 1);
      case OBJECT_END -> throw new ProtocolException("AMF0 object end outside an object (§2.11)");
    };
  }

  /** Counts one more value at this depth. */
  void enter(int depth) throws ProtocolException {
    if (depth > MAX_NESTING) {
      throw new ProtocolException("AMF values nested deeper than " + MAX_NESTING);
    }
    if (++values > MAX_VALUES) {
      throw new ProtocolException("more than " + MAX_VALUES + " AMF values in one message");
    }
  }

  void skip(int length) throws ProtocolException {
    require(length);
    in.skipBytes(length);
  }

  private AmfValue typedObject(int depth) throws ProtocolException {
    text(unsignedShort()); // the class name
    return new AmfObject(fields(depth));
  }

  private AmfValue ecmaArray(int depth) throws ProtocolException {
    unsignedInt(); // a hint that encoders get wrong
    return new AmfEcmaArray(fields(depth));
  }

  private Map<String, AmfValue> fields(int depth) throws ProtocolException {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    while (in.isReadable()) {
      String name = text(unsignedShort());
      if (name.isEmpty() && in.isReadable() && isObjectEnd()) {
        in.skipBytes(1);
        return fields;
      }
      if (name.isEmpty() && !in.isReadable()) {
        return fields;
      }
      fields.put(name, value(depth + 1));
    }
    return fields;
  }

  private boolean isObjectEnd() {
    return in.getUnsignedByte(in.readerIndex()) == AmfMarker.OBJECT_END.id;
  }

  private AmfValue list(int depth) throws ProtocolException {
    long count = unsignedInt();
    List<AmfValue> list = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      list.add(value(depth + 1));
    }
    return new AmfList(list);
  }

  private AmfValue date() throws ProtocolException {
    double epochMs = number();
    unsignedShort(); // the time zone, reserved
    return new AmfDate(epochMs);
  }

  /** No encoder of ours sends references; what one points at is not looked up. */
  private AmfValue reference() throws ProtocolException {
    unsignedShort();
    return AmfValue.UNDEFINED;
  }

  String text(long length) throws ProtocolException {
    if (length > MAX_STRING) {
      throw new ProtocolException("AMF string of " + length + " bytes: at most " + MAX_STRING);
    }
    require(length);
    return in.readCharSequence((int) length, StandardCharsets.UTF_8).toString();
  }

  double number() throws ProtocolException {
    require(8);
    return in.readDouble();
  }

  int unsignedByte() throws ProtocolException {
    require(1);
    return in.readUnsignedByte();
  }

  private int unsignedShort() throws ProtocolException {
    require(2);
    return in.readUnsignedShort();
  }

  private long unsignedInt() throws ProtocolException {
    require(4);
    return in.readUnsignedInt();
  }

  private void require(long bytes) throws ProtocolException {
    if (in.readableBytes() < bytes) {
      throw new ProtocolException(
          "AMF value of %d bytes, the message has %d left".formatted(bytes, in.readableBytes()));
    }
  }
}
