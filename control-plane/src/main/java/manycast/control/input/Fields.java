package manycast.control.input;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a JSON object, read one by one with their types. Whatever was not asked for by the
 * time of {@link #finish} is an unknown field.
 */
public final class Fields {
  private final ObjectNode object;
  private final Set<String> asked = new HashSet<>();
  private final Faults faults = new Faults();

  public Fields(ObjectNode object) {
    this.object = object;
  }

  /** Whether the field is there, even as null. */
  public boolean has(String name) {
    asked.add(name);
    return object.has(name);
  }

  /** A string that has to be there; an empty one after a fault. */
  public String requiredText(String name) {
    String value = text(name);
    if (value == null) {
      if (node(name) == null) {
        faults.add(name, "is required");
      }
      return "";
    }
    return value;
  }

  /**
   * A string, or null when the field is absent or faulty. A field that is there must not be null.
   */
  public @Nullable String text(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    if (!node.isString()) {
      faults.add(name, "must be a string");
      return null;
    }
    return node.stringValue();
  }

  /** A boolean, or null when the field is absent or faulty. */
  public @Nullable Boolean bool(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    if (!node.isBoolean()) {
      faults.add(name, "must be true or false");
      return null;
    }
    return node.booleanValue();
  }

  /** A whole number, or null when the field is absent or faulty. */
  public @Nullable Integer wholeNumber(String name) {
    JsonNode node = node(name);
    if (node != null && node.isNull()) {
      faults.add(name, "must be a whole number");
    }
    return wholeNumberOrNull(name);
  }

  /**
   * A whole number, or null when the field is absent, null or faulty: ask {@link #has} to tell
   * absent from null.
   */
  public @Nullable Integer wholeNumberOrNull(String name) {
    JsonNode node = node(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      faults.add(name, "must be a whole number");
      return null;
    }
    return node.intValue();
  }

  /** A string, or null when the field is absent or null. */
  public @Nullable String textOrNull(String name) {
    JsonNode node = node(name);
    return node == null || node.isNull() ? null : text(name);
  }

  /** A list of strings; null when absent or faulty. */
  public @Nullable List<String> texts(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    var values = new ArrayList<String>();
    if (node.isArray()) {
      for (JsonNode element : node) {
        if (element.isString()) {
          values.add(element.stringValue());
        }
      }
    }
    if (!node.isArray() || values.size() != node.size()) {
      faults.add(name, "must be a list of strings");
      return null;
    }
    return values;
  }

  /** An object's fields, with faults of their own; null when absent, null or faulty. */
  public @Nullable Fields object(String name) {
    JsonNode node = node(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!(node instanceof ObjectNode fields)) {
      faults.add(name, "must be an object");
      return null;
    }
    return new Fields(fields);
  }

  /** Whether a field was faulty so far, or there is one that was not asked for. */
  public boolean isFaultyOrHasMore() {
    return !faults.isEmpty() || !asked.containsAll(object.propertyNames());
  }

  /** Where the checks of the values go. */
  public Faults faults() {
    return faults;
  }

  /** Refuses unknown fields and everything found so far. */
  public void finish() {
    for (String name : object.propertyNames()) {
      if (!asked.contains(name)) {
        faults.add(name, "is not a field of this request");
      }
    }
    faults.throwIfAny();
  }

  private @Nullable JsonNode node(String name) {
    asked.add(name);
    return object.get(name);
  }
}
