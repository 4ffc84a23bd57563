package manycast.media.amf;

import manycast.media.bytes.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The type markers of AMF0 with their number on the wire (AMF0 §2.1). */
enum AmfMarker {
  NUMBER(0),
  BOOLEAN(1),
  STRING(2),
  OBJECT(3),
  NULL(5),
  UNDEFINED(6),
  REFERENCE(7),
  ECMA_ARRAY(8),
  OBJECT_END(9),
  STRICT_ARRAY(10),
  DATE(11),
  LONG_STRING(12),
  UNSUPPORTED(13),
  XML_DOCUMENT(15),
  TYPED_OBJECT(16),
  AMF3(17);

  private static final @Nullable AmfMarker[] BY_ID = new AmfMarker[18];

  static {
    for (AmfMarker marker : values()) {
      BY_ID[marker.id] = marker;
    }
  }

  final int id;

  AmfMarker(int id) {
    this.id = id;
  }

  static AmfMarker of(int id) throws ProtocolException {
    AmfMarker marker = id < BY_ID.length ? BY_ID[id] : null;
    if (marker == null) {
      throw new ProtocolException("AMF0 marker " + id + ": none of AMF0 §2.1");
    }
    return marker;
  }
}
