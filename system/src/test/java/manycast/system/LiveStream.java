package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

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
  private static final Duration END = Duration.ofSeconds(15);

  private final Product product;
  private final Api api;
  private final String id;
  private final String key;
  private final Clip clip;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Sink> sinks = new LinkedHashMap<>();

  LiveStream(Product product, String name) {
    this(product, name, Clip.get());
  }

  /** Of which its sinks expect another clip than the usual one. */
  LiveStream(Product product, String name, Clip clip) {
    this.product = product;
    this.clip = clip;
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
    Sink sink = openSink(name);
    String destination = addDestination(name, sink.url(), sink.streamKey());
    sinks.put(destination, sink);
    return destination;
  }

  /** Points a destination at a new sink. */
  void moveToAnotherSink(String destination, String name) {
    Sink sink = openSink(name);
    sinks.put(destination, sink);
    api.patch(
            "/destinations/" + destination,
            Map.of("url", sink.url(), "streamKey", sink.streamKey()))
        .expect(200);
  }

  private Sink openSink(String name) {
    try {
      Sink sink = new Sink(name, 0, "key-" + name, clip.sample());
      open.add(sink);
      return sink;
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
    return publishTo(product.publishUrl(streamKey));
  }

  Ffmpeg publishTo(String url) {
    try {
      Path log = Files.createTempFile("manycast-encoder", ".log");
      Ffmpeg encoder = Ffmpeg.publish(clip.file(), url, log);
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

  /** What encoders publish with after a rotation. */
  String presentKey() {
    return api.get("/streams/" + id).expect(200).get("ingest").get("streamKey").asString();
  }

  /** Of the key that encoders publish with at the moment. */
  String keyFingerprint() {
    return api.get("/streams/" + id)
        .expect(200)
        .get("ingest")
        .get("streamKeyFingerprint")
        .asString();
  }

  boolean isDestination(String destination, String state) {
    return destination(destination).get("state").asString().equals(state);
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

  /**
   * Waits for the clean end of the broadcast of the whole clip, and proves that each sink got every
   * frame on one connection and that the history says so.
   */
  void verifyThatEverythingArrived() {
    long expected = clip.frames(0, Long.MAX_VALUE);
    for (Sink sink : sinks.values()) {
      Until.isTrue("goodbye at " + sink.name(), END, sink::endedWithGoodbye);
      assertThat(sink.fault()).as(sink.name()).isNull();
      assertThat(sink.startDtsMs()).as(sink.name()).isZero();
      assertThat(sink.frames()).as(sink.name()).isEqualTo(expected);
      assertThat(sink.publishes()).as(sink.name()).isEqualTo(1);
    }
    awaitState("idle");
    JsonNode broadcast =
        Until.satisfied(
            "the ended broadcast in the history",
            END,
            () -> api.get("/streams/" + id + "/broadcasts").expect(200).get("items").get(0),
            row -> row.get("state").asString().equals("ended"));
    assertThat(broadcast.get("endReason").asString()).isEqualTo("encoder");
    JsonNode totals =
        api.get("/broadcasts/" + broadcast.get("id").asString()).expect(200).get("destinations");
    assertThat(totals).hasSize(sinks.size());
    for (JsonNode destination : totals) {
      assertThat(destination.get("framesSent").asLong()).isEqualTo(expected);
      assertThat(destination.get("framesDropped").asLong()).isZero();
    }
  }

  @Override
  public void close() throws Exception {
    api.delete("/streams/" + id);
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }
}
