package manycast.launcher.demo;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The stream of the demo as the API shows it; made where it is missing, brought up to date where it
 * is there.
 *
 * @param server where its encoder publishes
 * @param destinationIds of the sinks, by their names
 */
record DemoStream(String id, URI server, String streamKey, Map<String, String> destinationIds) {
  private static final String NAME = "Demo";

  static DemoStream prepare(Api api, List<Sink> sinks) throws IOException, InterruptedException {
    JsonNode stream = find(api);
    if (stream == null) {
      stream = api.must("POST", "/streams", Map.of("name", NAME));
    } else if (!stream.path("enabled").asBoolean(true)) {
      stream =
          api.must("PATCH", "/streams/" + stream.path("id").asString(), Map.of("enabled", true));
    }
    String id = stream.path("id").asString();
    Map<String, String> ids = new HashMap<>();
    for (Sink sink : sinks) {
      ids.put(sink.name(), destination(api, id, stream.path("destinations"), sink));
    }
    JsonNode ingest = stream.path("ingest");
    return new DemoStream(
        id,
        URI.create(ingest.path("rtmpUrl").asString()),
        ingest.path("streamKey").asString(),
        ids);
  }

  private static @Nullable JsonNode find(Api api) throws IOException, InterruptedException {
    String after = "";
    while (true) {
      JsonNode page = api.must("GET", "/streams?limit=100" + after, Map.of());
      for (JsonNode stream : page.path("items")) {
        if (stream.path("name").asString().equals(NAME)) {
          return stream;
        }
      }
      if (page.path("next").asString("").isEmpty()) {
        return null;
      }
      after = "&after=" + page.path("next").asString();
    }
  }

  private static String destination(Api api, String streamId, JsonNode there, Sink sink)
      throws IOException, InterruptedException {
    for (JsonNode destination : there) {
      if (destination.path("name").asString().equals(sink.name())) {
        String id = destination.path("id").asString();
        api.must(
            "PATCH",
            "/destinations/" + id,
            Map.of("url", sink.url(), "streamKey", sink.streamKey(), "enabled", true));
        return id;
      }
    }
    return api.must(
            "POST",
            "/streams/%s/destinations".formatted(streamId),
            Map.of(
                "name", sink.name(),
                "platform", "custom",
                "url", sink.url(),
                "streamKey", sink.streamKey()))
        .path("id")
        .asString();
  }

  /** The playlist of its preview; empty while nothing is live. */
  Optional<URI> preview(Api api) throws IOException, InterruptedException {
    String url =
        api.call("GET", "/streams/%s/live".formatted(id), Map.of())
            .body()
            .path("preview")
            .path("hlsUrl")
            .asString("");
    return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
  }

  /**
   * The destinations' states by their ids, as the dashboard shows them; empty when nothing is live
   * or nobody answers.
   */
  Map<String, String> states(Api api) throws InterruptedException {
    Map<String, String> states = new HashMap<>();
    try {
      Api.Answer live = api.call("GET", "/streams/%s/live".formatted(id), Map.of());
      for (JsonNode destination : live.body().path("destinations")) {
        states.put(destination.path("id").asString(), destination.path("state").asString());
      }
    } catch (IOException controlPlaneAway) {
      return Map.of();
    }
    return states;
  }
}
