package manycast.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import manycast.control.testing.ApiClient;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every list of the API: its shape, its parts, and what it refuses. */
class PagingIT {
  private static final List<String> NO_LIMITS =
      List.of("0", "-1", "101", "x", "", "1.5", "99999999999", "1%200");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final ApiClient owner = plane.newAccount();

  @Test
  void everyListOfTheDescriptionIsOneOfThese() {
    var lists = new TreeSet<String>();
    JsonNode api = ApiClient.open(plane.url() + ApiPaths.OPENAPI).expect(200).json();
    api.required("paths")
        .properties()
        .forEach(
            path -> {
              JsonNode parameters = path.getValue().path("get").path("parameters");
              if (parameters
                  .valueStream()
                  .anyMatch(p -> p.path("name").asString("").equals("limit"))) {
                lists.add(path.getKey().substring("/api/v1".length()));
              }
            });

    assertThat(lists).isEqualTo(new TreeSet<>(lists().keySet()));
  }

  @Test
  void givesEveryItemOnceInPartsOfEachSize() {
    try (var one = new TestNode(plane.database());
        var two = new TestNode(plane.database())) {
      fill(one);
      lists()
          .forEach(
              (name, list) -> {
                List<String> whole = walk(list, 100);
                assertThat(whole).as(name).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
                // Nodes of the whole test run are listed: one by one they would take long.
                for (int size : name.equals("/nodes") ? new int[] {17} : new int[] {1, 2}) {
                  assertThat(walk(list, size)).as(name + " by " + size).isEqualTo(whole);
                }
              });
      assertThat(walk(new Items(plane.admin(), "/nodes"), 50)).contains(one.id(), two.id());
    }
  }

  @Test
  void namesALimitOutOfRange() {
    lists()
        .forEach(
            (name, list) ->
                NO_LIMITS.forEach(
                    limit ->
                        assertThat(list.of().get(list.path() + "?limit=" + limit).faultyFields())
                            .as(name + " " + limit)
                            .containsExactly("limit")));
  }

  @Test
  void namesAPlaceThatIsNone() {
    lists()
        .forEach(
            (name, list) -> {
              if (!name.equals("/nodes")) { // Their ids are no UUIDs: any text has a place.
                assertThat(list.of().get(list.path() + "?after=nowhere").faultyFields())
                    .as(name)
                    .containsExactly("after");
              }
            });
  }

  @Test
  void goesOnBehindAnItemThatIsGone() {
    List<String> streams = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      streams.add(owner.post("/streams", "{\"name\": \"" + name + "\"}").expect(201).text("id"));
    }
    String next = owner.get("/streams?limit=2").expect(200).text("next");
    owner.delete("/streams/" + next).expect(204);

    JsonNode rest = owner.get("/streams?limit=2&after=" + next).expect(200).json();

    assertThat(ids(rest)).containsExactly(streams.get(1), streams.get(2));
    assertThat(rest.required("next").isNull()).isTrue();
  }

  private record Items(ApiClient of, String path) {}

  private final String stream =
      owner.post("/streams", "{\"name\": \"first\"}").expect(201).text("id");

  /** By their paths in the description. */
  private Map<String, Items> lists() {
    return Map.of(
        "/streams",
        new Items(owner, "/streams"),
        "/streams/{id}/broadcasts",
        new Items(owner, "/streams/" + stream + "/broadcasts"),
        "/tokens",
        new Items(owner, "/tokens"),
        "/nodes",
        new Items(plane.admin(), "/nodes"));
  }

  private void fill(TestNode node) {
    owner.post("/streams", "{\"name\": \"second\"}").expect(201);
    owner.post("/streams", "{\"name\": \"third\"}").expect(201);
    String key =
        owner
            .get("/streams/" + stream)
            .json()
            .required("ingest")
            .required("streamKey")
            .stringValue();
    for (int i = 0; i < 3; i++) {
      UUID broadcast = node.goLive(key);
      node.end(broadcast);
      owner
          .post("/tokens", "{\"name\": \"" + i + "\", \"scopes\": [\"streams:read\"]}")
          .expect(201);
    }
  }

  private static List<String> walk(Items list, int limit) {
    var seen = new ArrayList<String>();
    String after = "";
    while (true) {
      JsonNode part = list.of().get(list.path() + "?limit=" + limit + after).expect(200).json();
      assertThat(part.propertyNames()).containsExactlyInAnyOrder("items", "next");
      List<String> ids = ids(part);
      assertThat(ids).hasSizeLessThanOrEqualTo(limit);
      seen.addAll(ids);
      if (part.required("next").isNull()) {
        return seen;
      }
      assertThat(ids).hasSize(limit);
      after = "&after=" + part.required("next").stringValue();
    }
  }

  private static List<String> ids(JsonNode part) {
    return part.required("items")
        .valueStream()
        .map(item -> item.required("id").stringValue())
        .toList();
  }
}
