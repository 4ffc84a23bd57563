package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The main job: a real encoder's frames at every destination, bit-exact, from a keyframe on, with
 * their own time.
 */
class FanOutIT {
  private final Product product = Product.shared();
  private final Clip clip = Clip.get();

  @Test
  void everyFrameOfARealEncoderReachesThreeSinksFromTheFirstKeyframeToTheEnd() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Three sinks")) {
      stream.addSink("one");
      stream.addSink("two");
      stream.addSink("three");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitState("live");
        encoder.awaitSuccess();
      }
      long expected = clip.frames(0, Long.MAX_VALUE);
      for (Sink sink : stream.sinks()) {
        Until.satisfied(
            "goodbye at " + sink.name(),
            Duration.ofSeconds(15),
            sink::goodbyes,
            count -> count == 1);
        assertThat(sink.fault()).as(sink.name()).isNull();
        assertThat(sink.startDtsMs()).as(sink.name()).isZero();
        assertThat(sink.frames()).as(sink.name()).isEqualTo(expected);
        assertThat(sink.publishes()).as(sink.name()).isEqualTo(1);
      }
      stream.awaitState("idle");
      JsonNode broadcast =
          Until.satisfied(
              "the ended broadcast in the history",
              Duration.ofSeconds(15),
              () ->
                  stream
                      .api()
                      .get("/streams/" + stream.id() + "/broadcasts")
                      .expect(200)
                      .get("items")
                      .get(0),
              row -> row.get("state").asString().equals("ended"));
      assertThat(broadcast.get("endReason").asString()).isEqualTo("encoder");
      JsonNode totals =
          stream
              .api()
              .get("/broadcasts/" + broadcast.get("id").asString())
              .expect(200)
              .get("destinations");
      assertThat(totals).hasSize(3);
      for (JsonNode destination : totals) {
        assertThat(destination.get("framesSent").asLong()).isEqualTo(expected);
        assertThat(destination.get("framesDropped").asLong()).isZero();
      }
    }
  }

  @Test
  void whatIsChangedWhileLiveDisturbsNoOtherDestination() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Changed while live")) {
      String steady = stream.addSink("steady");
      String changing = stream.addSink("changing");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitDestination(steady, "live");
        stream.awaitDestination(changing, "live");

        // Two groups of pictures (60 pictures, 94 audio frames each), so that the newest keyframe
        // is not the first one.
        LiveStream.awaitMoreFrames(stream.sink(steady), 308);
        String added = stream.addSink("added");
        LiveStream.awaitMoreFrames(stream.sink(added), 100);
        assertThat(stream.sink(added).startDtsMs()).as("a keyframe of the middle").isPositive();

        stream.api().patch("/destinations/" + changing, Map.of("enabled", false)).expect(200);
        stream.awaitDestination(changing, "disabled");
        Until.satisfied(
            "goodbye", Duration.ofSeconds(5), stream.sink(changing)::goodbyes, count -> count == 1);

        stream.api().patch("/destinations/" + changing, Map.of("enabled", true)).expect(200);
        stream.awaitDestination(changing, "live");
        assertThat(stream.sink(changing).publishes()).isEqualTo(2);

        stream.api().delete("/destinations/" + added).expect(204);
        Until.satisfied(
            "goodbye", Duration.ofSeconds(5), stream.sink(added)::goodbyes, count -> count == 1);

        stream.awaitMoreFrames(0);
        LiveStream.awaitMoreFrames(stream.sink(steady), 200);
        assertThat(stream.sink(steady).publishes()).isEqualTo(1);
        assertThat(stream.sink(steady).startDtsMs()).isZero();
        assertThat(stream.destination(steady).get("framesDropped").asLong()).isZero();

        stream.api().post("/streams/" + stream.id() + "/stop").expect(202);
        stream.awaitState("idle");
        Until.satisfied(
            "goodbye", Duration.ofSeconds(5), stream.sink(steady)::goodbyes, count -> count == 1);
        Until.isTrue(
            "the encoder is disconnected", Duration.ofSeconds(10), () -> !encoder.isRunning());
      }
    }
  }

  @Test
  void aWrongKeyIsRefusedAndARetiredOneIsShownToItsOwner() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Keys")) {
      try (Ffmpeg encoder = stream.publishWith("no-such-key-anywhere")) {
        Until.isTrue("the encoder is refused", Duration.ofSeconds(15), () -> !encoder.isRunning());
      }
      stream.api().post("/streams/" + stream.id() + "/key/rotate").expect(200);
      try (Ffmpeg encoder = stream.publishWith(stream.key())) {
        Until.isTrue("the encoder is refused", Duration.ofSeconds(15), () -> !encoder.isRunning());
      }
      assertThat(stream.state()).isEqualTo("idle");
    }
  }

  @Test
  void deadDestinationsSayWhyAndDisturbNobody() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Dead destinations")) {
      String good = stream.addSink("good");
      String refusing =
          stream.addDestination("refusing", "rtmp://127.0.0.1:" + Ports.free() + "/live", "k");
      String unknown = stream.addDestination("unknown", "rtmp://no-such-host.invalid/live", "k");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitDestination(good, "live");
        Until.satisfied(
            "refused",
            Duration.ofSeconds(15),
            () -> stream.destination(refusing).path("lastErrorCode").asString(""),
            "refused"::equals);
        Until.satisfied(
            "dns",
            Duration.ofSeconds(30),
            () -> stream.destination(unknown).path("lastErrorCode").asString(""),
            "dns"::equals);
        assertThat(stream.destination(refusing).get("state").asString())
            .isIn("retrying", "connecting");
        LiveStream.awaitMoreFrames(stream.sink(good), 200);
        assertThat(stream.sink(good).publishes()).isEqualTo(1);
      }
    }
  }
}
