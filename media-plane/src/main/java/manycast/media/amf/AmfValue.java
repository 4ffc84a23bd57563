package manycast.media.amf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One AMF0 value: immutable, compared by content. */
public sealed interface AmfValue {
  /** The value of commands without a command object. */
  AmfValue NULL = new AmfNull();

  /** What Adobe's server puts where a command has nothing to answer. */
  AmfValue UNDEFINED = new AmfUndefined();

  /** A number: AMF0 knows only 64-bit floating point. */
  record AmfNumber(double value) implements AmfValue {}

  /** A boolean. */
  record AmfBoolean(boolean value) implements AmfValue {}

  /** A string, short or long on the wire as its length asks. */
  record AmfString(String value) implements AmfValue {}

  /** Null. */
  record AmfNull() implements AmfValue {}

  /** Undefined, and everything that was read but has no value of its own (markers 7 and 13). */
  record AmfUndefined() implements AmfValue {}

  /** A date in milliseconds since 1970; the zone on the wire is reserved and ignored. */
  record AmfDate(double epochMs) implements AmfValue {}

  /** A strict array. */
  record AmfList(List<AmfValue> values) implements AmfValue {
    /** Keeps a copy. */
    public AmfList {
      values = List.copyOf(values);
    }
  }

  /**
   * Named values in the order in which they were written. Encoders mix objects and ECMA arrays up,
   * so readers ask for fields and do not care which it was.
   */
  sealed interface Fields extends AmfValue {
    /** The fields in order. */
    Map<String, AmfValue> fields();

    /** The named value, or null when it is absent. */
    default @Nullable AmfValue get(String name) {
      return fields().get(name);
    }

    /** The named string, or null when it is absent or something else. */
    default @Nullable String text(String name) {
      return get(name) instanceof AmfString(String value) ? value : null;
    }

    /** The named number, or null when it is absent or something else. */
    default @Nullable Double number(String name) {
      return get(name) instanceof AmfNumber(double value) ? Double.valueOf(value) : null;
    }
  }

  /** An object; typed objects are read as one too. */
  record AmfObject(Map<String, AmfValue> fields) implements Fields {
    /** Keeps a copy in the same order. */
    public AmfObject {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** An ECMA array; its count on the wire is only a hint. */
  record AmfEcmaArray(Map<String, AmfValue> fields) implements Fields {
    /** Keeps a copy in the same order. */
    public AmfEcmaArray {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** A number. */
  static AmfNumber of(double value) {
    return new AmfNumber(value);
  }

  /** A string. */
  static AmfString of(String value) {
    return new AmfString(value);
  }

  /** A boolean. */
  static AmfBoolean of(boolean value) {
    return new AmfBoolean(value);
  }
}
