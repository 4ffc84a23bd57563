package manycast.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import manycast.control.testing.ApiClient;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The description of the API, held against what the API really answers. */
class OpenApiIT {
  private static TestControlPlane plane;
  private static JsonNode api;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
    api = ApiClient.open(plane.url() + ApiPaths.OPENAPI).expect(200).json();
  }

  @Test
  void listsEveryCall() {
    var calls = new TreeSet<String>();
    api.required("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(method -> calls.add(method + " " + path.getKey())));

    assertThat(calls)
        .containsExactlyInAnyOrder(
            "post /api/v1/streams",
            "get /api/v1/streams",
            "get /api/v1/streams/{id}",
            "patch /api/v1/streams/{id}",
            "delete /api/v1/streams/{id}",
            "post /api/v1/streams/{id}/key/rotate",
            "post /api/v1/streams/{id}/stop",
            "post /api/v1/streams/{id}/allow",
            "post /api/v1/streams/{id}/destinations",
            "get /api/v1/streams/{id}/live",
            "get /api/v1/streams/{id}/broadcasts",
            "get /api/v1/broadcasts/{id}",
            "get /api/v1/destinations/{id}",
            "patch /api/v1/destinations/{id}",
            "delete /api/v1/destinations/{id}",
            "post /api/v1/destinations/{id}/retry",
            "post /api/v1/destinations/{id}/test",
            "get /api/v1/events",
            "get /api/v1/tokens",
            "post /api/v1/tokens",
            "delete /api/v1/tokens/{id}",
            "get /api/v1/nodes",
            "post /api/v1/accounts");
  }

  @Test
  void describesRequestsByTheirFields() {
    JsonNode wanted =
        schema(operation("/api/v1/streams/{id}/destinations", "post").required("requestBody"));

    assertThat(wanted.required("properties").propertyNames())
        .containsExactlyInAnyOrder(
            "name", "platform", "url", "streamKey", "enabled", "delayMs", "tracks");
    JsonNode delay = wanted.required("properties").required("delayMs");
    assertThat(delay.required("minimum").intValue()).isZero();
    assertThat(delay.required("maximum").intValue()).isEqualTo(60_000);
    assertThat(wanted.required("required").valueStream().map(JsonNode::stringValue))
        .containsExactlyInAnyOrder("name", "platform", "url", "streamKey");
    JsonNode changes = schema(operation("/api/v1/streams/{id}", "patch").required("requestBody"));
    assertThat(changes.required("properties").propertyNames())
        .containsExactlyInAnyOrder("name", "enabled", "resumeGraceSeconds");
  }

  @Test
  void describesAnswersAsTheyAre() {
    ApiClient owner = plane.newAccount();
    try (var node = new TestNode(plane.database())) {
      JsonNode stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
      String id = stream.required("id").stringValue();
      conforms(stream, "/api/v1/streams", "post", "201");
      JsonNode destination =
          owner
              .post(
                  "/streams/" + id + "/destinations",
                  "{\"name\": \"d\", \"platform\": \"custom\", \"url\": \"rtmp://x.example/app\","
                      + " \"streamKey\": \"k\"}")
              .expect(201)
              .json();
      conforms(destination, "/api/v1/streams/{id}/destinations", "post", "201");
      conforms(
          owner
              .patch(
                  "/destinations/" + destination.required("id").stringValue(),
                  "{\"tracks\": {\"video\": 1, \"audio\": 0}}")
              .expect(200)
              .json(),
          "/api/v1/destinations/{id}",
          "patch",
          "200");
      UUID broadcast = node.goLive(stream.required("ingest").required("streamKey").stringValue());
      node.relay(broadcast, destination.required("id").stringValue(), "live", 1);
      conforms(owner.get("/streams/" + id).json(), "/api/v1/streams/{id}", "get", "200");
      conforms(owner.get("/streams").json(), "/api/v1/streams", "get", "200");
      conforms(
          owner.get("/streams/" + id + "/live").json(), "/api/v1/streams/{id}/live", "get", "200");
      conforms(
          owner.get("/streams/" + id + "/broadcasts").json(),
          "/api/v1/streams/{id}/broadcasts",
          "get",
          "200");
      conforms(
          owner.get("/broadcasts/" + broadcast).json(), "/api/v1/broadcasts/{id}", "get", "200");
      conforms(owner.get("/tokens").json(), "/api/v1/tokens", "get", "200");
      conforms(plane.admin().get("/nodes").json(), "/api/v1/nodes", "get", "200");
      conforms(
          owner.post("/streams", "{}").expect(422).json(), "/api/v1/streams", "post", "default");
      conforms(
          owner.get("/streams/" + UUID.randomUUID()).expect(404).json(),
          "/api/v1/streams/{id}",
          "get",
          "default");
    }
  }

  private static void conforms(JsonNode answer, String path, String method, String status) {
    var faults = new ArrayList<String>();
    check(
        answer, schema(operation(path, method).required("responses").required(status)), "", faults);
    assertThat(faults).as(method + " " + path + ": " + answer).isEmpty();
  }

  private static JsonNode operation(String path, String method) {
    return api.required("paths").required(path).required(method);
  }

  /** The one schema of a body, by whatever media type. */
  private static JsonNode schema(JsonNode body) {
    return resolve(body.required("content").values().iterator().next().required("schema"));
  }

  private static JsonNode resolve(JsonNode schema) {
    if (!schema.has("$ref")) {
      return schema;
    }
    return api.at(schema.required("$ref").stringValue().substring(1));
  }

  /** As much of JSON Schema as the description uses; fields that it does not name are faults. */
  private static void check(JsonNode value, JsonNode given, String where, List<String> faults) {
    JsonNode schema = resolve(given);
    if (schema.has("oneOf") || schema.has("anyOf")) {
      boolean fits = false;
      for (JsonNode option :
          schema.has("oneOf") ? schema.required("oneOf") : schema.required("anyOf")) {
        var wrong = new ArrayList<String>();
        check(value, option, where, wrong);
        fits |= wrong.isEmpty();
      }
      if (!fits) {
        faults.add(where + " fits no option");
      }
      return;
    }
    var types = new ArrayList<String>();
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      type.forEach(one -> types.add(one.stringValue()));
    } else if (type.isString()) {
      types.add(type.stringValue());
    }
    if (!types.isEmpty() && types.stream().noneMatch(one -> isOf(value, one))) {
      faults.add(where + " is " + value + ", not " + types);
      return;
    }
    if (value.isString()
        && schema.has("enum")
        && schema.required("enum").valueStream().noneMatch(value::equals)) {
      faults.add(where + " is " + value + ", none of " + schema.required("enum"));
    }
    if (value.isArray()) {
      value.forEach(item -> check(item, schema.required("items"), where + "[]", faults));
    }
    if (value.isObject() && schema.has("properties")) {
      schema
          .path("required")
          .forEach(
              name -> {
                if (!value.has(name.stringValue())) {
                  faults.add(where + "." + name.stringValue() + " is missing");
                }
              });
      value
          .properties()
          .forEach(
              field -> {
                if (schema.required("properties").has(field.getKey())) {
                  check(
                      field.getValue(),
                      schema.required("properties").required(field.getKey()),
                      where + "." + field.getKey(),
                      faults);
                } else {
                  faults.add(where + "." + field.getKey() + " is not described");
                }
              });
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
