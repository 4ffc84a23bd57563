package manycast.control.web;

import static org.assertj.core.api.Assertions.assertThat;

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

  /** The client of these tests holds every answer against the description. */
  @Test
  void describesAnswersAsTheyAre() {
    ApiClient owner = plane.newAccount();
    try (var node = new TestNode(plane.database())) {
      JsonNode stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
      String id = stream.required("id").stringValue();
      String destination =
          owner
              .post(
                  "/streams/" + id + "/destinations",
                  "{\"name\": \"d\", \"platform\": \"custom\", \"url\": \"rtmp://x.example/app\","
                      + " \"streamKey\": \"k\"}")
              .expect(201)
              .text("id");
      owner
          .patch("/destinations/" + destination, "{\"tracks\": {\"video\": 1, \"audio\": 0}}")
          .expect(200);
      UUID broadcast = node.goLive(stream.required("ingest").required("streamKey").stringValue());
      node.relay(broadcast, destination, "live", 1);
      owner.get("/streams/" + id).expect(200);
      owner.get("/streams").expect(200);
      owner.get("/streams/" + id + "/live").expect(200);
      owner.get("/streams/" + id + "/broadcasts").expect(200);
      owner.get("/broadcasts/" + broadcast).expect(200);
      owner.get("/tokens").expect(200);
      plane.admin().get("/nodes").expect(200);
      owner.post("/streams", "{}").expect(422);
      owner.get("/streams/" + UUID.randomUUID()).expect(404);
    }
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
}
