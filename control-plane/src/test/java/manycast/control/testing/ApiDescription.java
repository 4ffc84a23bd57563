package manycast.control.testing;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The API as it describes itself at {@code /api/v1/openapi.json}, and whether an answer is as
 * described: its status, its media type, and each field of its body.
 */
public final class ApiDescription {
  /** Refused before any call is found: with these an answer need not belong to a described call. */
  private static final List<Integer> OF_NO_CALL = List.of(401, 404, 405, 503);

  private static final String PROBLEM = "application/problem+json";

  private final JsonNode api;
  private final List<Call> calls = new ArrayList<>();

  private record Call(String method, Pattern path, JsonNode operation) {}

  /** Of the text of such a document. */
  public ApiDescription(String json) {
    this.api = ApiClient.JSON.readTree(json);
    List<String> paths = new ArrayList<>(api.required("paths").propertyNames());
    // What is written out comes before what a variable stands for.
    paths.sort(Comparator.comparingLong(path -> path.chars().filter(c -> c == '{').count()));
    for (String path : paths) {
      var pattern = Pattern.compile(path.replaceAll("\\{[^}]+}", "[^/]+"));
      api.required("paths")
          .required(path)
          .properties()
          .forEach(
              operation -> calls.add(new Call(operation.getKey(), pattern, operation.getValue())));
    }
  }

  /** The document itself. */
  public JsonNode json() {
    return api;
  }

  /** What in the answer is not as described; empty when all is. */
  public List<String> faults(
      String method, String path, int status, @Nullable String contentType, String body) {
    String type = contentType == null ? "" : contentType.replaceAll(";.*", "").strip();
    for (Call call : calls) {
      if (call.method().equals(method.toLowerCase(Locale.ROOT))
          && call.path().matcher(path).matches()) {
        JsonNode answers = call.operation().required("responses");
        JsonNode answer = answers.path(String.valueOf(status));
        return answer.isObject()
            ? faults(answer, type, body)
            : status < 400
                ? List.of("status " + status + " is not described")
                : faults(answers.required("default"), type, body);
      }
    }
    if (!OF_NO_CALL.contains(status)) {
      return List.of("no such call is described");
    }
    return type.equals(PROBLEM) ? List.of() : List.of("is " + type + ", not " + PROBLEM);
  }

  private List<String> faults(JsonNode answer, String type, String body) {
    JsonNode content = answer.path("content");
    if (content.isEmpty()) {
      return body.isEmpty() ? List.of() : List.of("has a body, and none is described: " + body);
    }
    for (var media : content.properties()) {
      if (media.getKey().equals("*/*") || media.getKey().equals(type)) {
        return type.endsWith("json")
            ? faults(media.getValue().required("schema"), body)
            : List.of();
      }
    }
    return List.of("is " + type + ", not " + content.propertyNames());
  }

  private List<String> faults(JsonNode schema, String body) {
    List<String> faults = new ArrayList<>();
    try {
      check(ApiClient.JSON.readTree(body), schema, "", faults);
    } catch (JacksonException e) {
      faults.add("is no JSON");
    }
    return faults;
  }

  private JsonNode resolve(JsonNode schema) {
    return schema.has("$ref") ? api.at(schema.required("$ref").stringValue().substring(1)) : schema;
  }

  /** As much of JSON Schema as the description uses; fields that it does not name are faults. */
  private void check(JsonNode value, JsonNode given, String where, List<String> faults) {
    JsonNode schema = resolve(given);
    if (schema.has("oneOf") || schema.has("anyOf")) {
      checkOptions(value, schema, where, faults);
      return;
    }
    List<String> types = types(schema);
    if (!types.isEmpty() && types.stream().noneMatch(one -> isOf(value, one))) {
      faults.add(where + " is " + value + ", not " + types);
      return;
    }
    if (value.isString()) {
      checkText(value, schema, where, faults);
    }
    if (value.isNumber()) {
      checkRange(value, schema, where, faults);
    }
    if (value.isArray()) {
      value.forEach(item -> check(item, schema.required("items"), where + "[]", faults));
    }
    if (value.isObject() && schema.has("properties")) {
      checkFields(value, schema, where, faults);
    }
  }

  private void checkOptions(JsonNode value, JsonNode schema, String where, List<String> faults) {
    JsonNode options = schema.has("oneOf") ? schema.required("oneOf") : schema.required("anyOf");
    List<String> all = new ArrayList<>();
    for (JsonNode option : options) {
      List<String> wrong = new ArrayList<>();
      check(value, option, where, wrong);
      if (wrong.isEmpty()) {
        return;
      }
      all.addAll(wrong);
    }
    faults.add(where + " fits no option: " + all);
  }

  private static List<String> types(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return type.valueStream().map(JsonNode::stringValue).toList();
    }
    return type.isString() ? List.of(type.stringValue()) : List.of();
  }

  private static void checkText(
      JsonNode value, JsonNode schema, String where, List<String> faults) {
    if (schema.has("enum") && schema.required("enum").valueStream().noneMatch(value::equals)) {
      faults.add(where + " is " + value + ", none of " + schema.required("enum"));
    }
    String format = schema.path("format").asString("");
    try {
      switch (format) {
        case "uuid" -> UUID.fromString(value.stringValue());
        case "date-time" -> Instant.parse(value.stringValue());
        default -> {}
      }
    } catch (IllegalArgumentException | DateTimeParseException e) {
      faults.add(where + " is " + value + ", no " + format);
    }
  }

  private static void checkRange(
      JsonNode value, JsonNode schema, String where, List<String> faults) {
    if (schema.has("minimum")
            && value.decimalValue().compareTo(schema.required("minimum").decimalValue()) < 0
        || schema.has("maximum")
            && value.decimalValue().compareTo(schema.required("maximum").decimalValue()) > 0) {
      faults.add(where + " is " + value + ", out of range");
    }
  }

  private void checkFields(JsonNode value, JsonNode schema, String where, List<String> faults) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.stringValue())) {
        faults.add(where + "." + name.stringValue() + " is missing");
      }
    }
    for (var field : value.properties()) {
      String name = where + "." + field.getKey();
      if (schema.required("properties").has(field.getKey())) {
        check(
            field.getValue(), schema.required("properties").required(field.getKey()), name, faults);
      } else {
        faults.add(name + " is not described");
      }
    }
  }

  private static boolean isOf(JsonNode value, String type) {
    return switch (type) {
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "null" -> value.isNull();
      default -> false;
    };
  }
}
