package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A broadcast whose real encoder is killed, stops, or finds its node restarted. */
class LostEncoderIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long TOLERANCE_MS = 1_000;

  private final Product product = Product.shared();

  @Test
  void aKilledEncoderThatComesBackGoesOnOnTheSameConnections() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Killed encoder");
        Events events = new Events(product.url(), Product.TOKEN)) {
      for (String sink : new String[] {"one", "two", "three"}) {
        stream.addSink(sink);
      }
      String broadcast;
      long lostAt;
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        broadcast = stream.live().get("broadcastId").asString();
        encoder.kill();
        lostAt = System.nanoTime();
      }
      stream.awaitState("resuming");
      JsonNode waiting = stream.live();
      assertThat(waiting.get("broadcastId").asString()).isEqualTo(broadcast);
      assertThat(waiting.get("state").asString()).isEqualTo("resuming");
      assertThat(Instant.parse(waiting.get("resumeUntil").asString())).isAfter(Instant.now());
      for (JsonNode destination : waiting.get("destinations")) {
        assertThat(destination.get("state").asString()).isEqualTo("live");
      }

      try (Ffmpeg encoder = stream.publish()) {
        for (Sink sink : stream.sinks()) {
          Until.isTrue("the encoder is back at " + sink.name(), SOON, () -> sink.returns() == 1);
        }
        long awayMs = (System.nanoTime() - lostAt) / 1_000_000;
        stream.awaitMoreFrames(100);
        stream.awaitState("live");
        assertThat(stream.live().get("broadcastId").asString()).isEqualTo(broadcast);
        for (Sink sink : stream.sinks()) {
          assertThat(sink.fault()).as(sink.name()).isNull();
          assertThat(sink.publishes()).as("connections of " + sink.name()).isEqualTo(1);
          assertThat(sink.gapMs())
              .as("gap at " + sink.name())
              .isBetween(Math.max(0, awayMs - TOLERANCE_MS), awayMs + TOLERANCE_MS);
        }
        encoder.interrupt();
      }
      stream.awaitState("idle");
      for (Sink sink : stream.sinks()) {
        Until.isTrue("goodbye at " + sink.name(), SOON, sink::endedWithGoodbye);
        assertThat(sink.fault()).as(sink.name()).isNull();
      }
      JsonNode ended = stream.api().get("/broadcasts/" + broadcast).expect(200);
      assertThat(ended.get("endReason").asString()).isEqualTo("encoder");
      assertThat(ended.get("interruptions").asInt()).isEqualTo(1);
      Until.satisfied(
          "the events of its life",
          SOON,
          () -> typesOf(broadcast, events),
          List.of(
                  "broadcast.started",
                  "broadcast.interrupted",
                  "broadcast.resumed",
                  "broadcast.ended")
              ::equals);
    }
  }

  @Test
  void aBroadcastThatNobodyComesBackToEndsWhenItsGraceIsOver() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Lost for good")) {
      String destination = stream.addSink("one");
      stream.api().patch("/streams/" + stream.id(), Map.of("resumeGraceSeconds", 3)).expect(200);
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        encoder.kill();
      }
      stream.awaitState("resuming");
      stream.awaitState("idle");
      Until.isTrue("goodbye", SOON, stream.sink(destination)::endedWithGoodbye);
      assertThat(
              stream
                  .api()
                  .get("/streams/" + stream.id() + "/broadcasts")
                  .expect(200)
                  .get("items")
                  .get(0)
                  .get("endReason")
                  .asString())
          .isEqualTo("encoder_lost");
    }
  }

  @Test
  void aNodeThatIsAskedToMoveItsWorkFindsItAgainWhenItIsRestarted() throws Exception {
    goesOnAfter("Moved by SIGTERM", ProcessHandle::destroy, true);
  }

  @Test
  void aNodeThatIsKilledFindsItsWorkAgainWhenItIsRestarted() throws Exception {
    goesOnAfter("Killed node", ProcessHandle::destroyForcibly, false);
  }

  /** A killed process may have counted what it did not write down. */
  private void goesOnAfter(String name, Consumer<ProcessHandle> ending, boolean countsEverything)
      throws Exception {
    try (LiveStream stream = new LiveStream(product, name)) {
      String destination = stream.addSink("one");
      Sink sink = stream.sink(destination);
      String broadcast;
      long sentBefore;
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        broadcast = stream.live().get("broadcastId").asString();
        sentBefore = stream.destination(destination).get("framesSent").asLong();
        ProcessHandle node = product.process("media-plane");
        ending.accept(node);
        node.onExit().join();
        Until.isTrue("the encoder notices", SOON, () -> !encoder.isRunning());
        Until.isTrue(
            "the node is back",
            SOON,
            () ->
                Ports.isReady(product.port("MANYCAST_MEDIA_HTTP_PORT"))
                    && product.process("media-plane").pid() != node.pid());
      }
      stream.awaitState("resuming");
      assertThat(sink.goodbyes()).as("the show is not ended there").isZero();
      assertThat(stream.isDestination(destination, "idle")).isTrue();

      try (Ffmpeg encoder = stream.publish()) {
        Until.isTrue("published to again", SOON, () -> sink.publishes() == 2);
        LiveStream.awaitMoreFrames(sink, 100);
        stream.awaitState("live");
        assertThat(stream.live().get("broadcastId").asString()).isEqualTo(broadcast);
        if (countsEverything) {
          JsonNode counted = stream.destination(destination);
          assertThat(counted.get("framesSent").asLong()).as("counted on").isGreaterThan(sentBefore);
          assertThat(counted.get("reconnects").asInt()).isEqualTo(1);
        }
        encoder.interrupt();
      }
      stream.awaitState("idle");
      JsonNode ended = stream.api().get("/broadcasts/" + broadcast).expect(200);
      assertThat(ended.get("endReason").asString()).isEqualTo("encoder");
      assertThat(ended.get("interruptions").asInt()).isEqualTo(1);
    }
  }

  @Test
  void whatIsStoppedInTheDashboardStaysStoppedUntilItsEncoderIsAllowedAgain() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Stopped")) {
      String destination = stream.addSink("one");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        stream.api().post("/streams/" + stream.id() + "/stop").expect(202);
        Until.isTrue("the encoder is disconnected", SOON, () -> !encoder.isRunning());
        Until.isTrue("goodbye", SOON, stream.sink(destination)::endedWithGoodbye);
        stream.awaitState("idle");
      }
      try (Ffmpeg refused = stream.publish()) {
        Until.isTrue("it is refused", SOON, () -> !refused.isRunning());
        assertThat(stream.state()).isEqualTo("idle");
      }
      stream.api().post("/streams/" + stream.id() + "/allow").expect(202);
      try (Ffmpeg encoder = stream.publish()) {
        LiveStream.awaitMoreFrames(stream.sink(destination), 100);
        assertThat(stream.state()).isEqualTo("live");
        assertThat(encoder.isRunning()).isTrue();
      }
    }
  }

  private static List<String> typesOf(String broadcast, Events events) {
    return events.seen().stream()
        .filter(event -> broadcast.equals(event.get("data").path("broadcastId").asString("")))
        .map(event -> event.get("type").asString())
        .filter(type -> type.startsWith("broadcast."))
        .toList();
  }
}
