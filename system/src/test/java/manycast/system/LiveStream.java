package manycast.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.launcher.demo.Sink;
import tools.jackson.databind.JsonNode;

/**
 * A stream of its own for one test, with verifying sinks as destinations; deleted when the test is
 * over.
 */
final class LiveStream implements AutoCloseable {
  private final Product product;
  private final Api api;
  private final String id;
  private final String key;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Sink> sinks = new LinkedHashMap<>();

  LiveStream(Product product, String name) {
    this.product = product;
    this.api = product.api();
    JsonNode stream = api.post("/streams", Map.of("name", name)).expect(201);
    this.id = stream.get("id").asString();
    this.key = stream.get("ingest").get("streamKey").asString();
  }

  String id() {
    return id;
  }

  String key() {
    return key;
  }

  Api api() {
    return api;
  }

  /** Adds a destination that is a new sink, and answers its id. */
  String addSink(String name) {
    try {
      Sink sink = new Sink(name, 0, "key-" + name, Clip.get().sample());
      open.add(sink);
      String destination = addDestination(name, sink.url(), sink.streamKey());
      sinks.put(destination, sink);
      return destination;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String addDestination(String name, String url, String streamKey) {
    return api.post(
            "/streams/" + id + "/destinations",
            Map.of("name", name, "platform", "custom", "url", url, "streamKey", streamKey))
        .expect(201)
        .get("id")
        .asString();
  }

  Sink sink(String destination) {
    Sink sink = sinks.get(destination);
    if (sink == null) {
      throw new AssertionError("no sink for " + destination);
    }
    return sink;
  }

  List<Sink> sinks() {
    return List.copyOf(sinks.values());
  }

  /** Publishes the clip with the real ffmpeg, in real time. */
  Ffmpeg publish() {
    return publishWith(key);
  }

  Ffmpeg publishWith(String streamKey) {
    try {
      Path log = Files.createTempFile("manycast-encoder", ".log");
      Ffmpeg encoder = Ffmpeg.publish(Clip.get().file(), product.publishUrl(streamKey), log);
      open.add(encoder);
      return encoder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode live() {
    return api.get("/streams/" + id + "/live").expect(200);
  }

  String state() {
    return api.get("/streams/" + id).expect(200).get("state").asString();
  }

  /** The state of one destination of the live broadcast. */
  JsonNode destination(String destination) {
    for (JsonNode row : live().get("destinations")) {
      if (row.get("id").asString().equals(destination)) {
        return row;
      }
    }
    throw new AssertionError("no destination " + destination + " in /live");
  }

  void awaitState(String state) {
    Until.satisfied("stream " + state, Duration.ofSeconds(15), this::state, state::equals);
  }

  void awaitDestination(String destination, String state) {
    Until.satisfied(
        "destination " + state,
        Duration.ofSeconds(20),
        () -> destination(destination),
        row -> row.get("state").asString().equals(state));
  }

  /** Waits until each sink has found this many more frames right, and none wrong. */
  void awaitMoreFrames(long more) {
    for (Sink sink : sinks.values()) {
      awaitMoreFrames(sink, more);
    }
  }

  static void awaitMoreFrames(Sink sink, long more) {
    long before = sink.frames();
    Until.isTrue(
        more + " more frames at " + sink.name(),
        Duration.ofSeconds(30),
        () -> {
          if (sink.fault() != null) {
            throw new AssertionError(sink.name() + ": " + sink.fault());
          }
          return sink.frames() >= before + more;
        });
  }

  @Override
  public void close() throws Exception {
    api.delete("/streams/" + id);
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }
}
