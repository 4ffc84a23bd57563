package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * The main job: a real encoder's frames at every destination, bit-exact, from a keyframe on, with
 * their own time.
 */
class FanOutIT {
  private final Product product = Product.shared();

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void everyFrameOfARealEncoderReachesThreeSinksFromTheFirstKeyframeToTheEnd() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Three sinks")) {
      stream.addSink("one");
      stream.addSink("two");
      stream.addSink("three");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitState("live");
        encoder.awaitSuccess();
      }
      stream.verifyThatEverythingArrived();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
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
        ChangeDeadline adding = ChangeDeadline.startsNow();
        adding.await("frames at the added", () -> stream.sink(added).frames() > 0);
        adding.await("the added is live", () -> stream.isDestination(added, "live"));
        assertThat(stream.sink(added).startDtsMs()).as("a keyframe of the middle").isPositive();

        Sink changingFirst = stream.sink(changing);
        stream.api().patch("/destinations/" + changing, Map.of("enabled", false)).expect(200);
        ChangeDeadline disabling = ChangeDeadline.startsNow();
        disabling.await("goodbye", changingFirst::endedWithGoodbye);
        disabling.await("disabled", () -> stream.isDestination(changing, "disabled"));

        stream.api().patch("/destinations/" + changing, Map.of("enabled", true)).expect(200);
        ChangeDeadline enabling = ChangeDeadline.startsNow();
        enabling.await("published to again", () -> changingFirst.publishes() == 2);
        enabling.await("live again", () -> stream.isDestination(changing, "live"));

        stream.moveToAnotherSink(changing, "changed");
        ChangeDeadline moving = ChangeDeadline.startsNow();
        moving.await("goodbye at the old place", () -> changingFirst.goodbyes() == 2);
        moving.await("frames at the new place", () -> stream.sink(changing).frames() > 0);
        assertThat(changingFirst.fault()).isNull();

        stream.api().delete("/destinations/" + added).expect(204);
        ChangeDeadline removing = ChangeDeadline.startsNow();
        removing.await("goodbye", stream.sink(added)::endedWithGoodbye);

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
  @Execution(ExecutionMode.CONCURRENT)
  void aWrongKeyIsRefusedAndARetiredOneIsShownToItsOwner() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Keys");
        Events events = new Events(product.url(), Product.TOKEN)) {
      try (Ffmpeg encoder = stream.publishWith("no-such-key-anywhere")) {
        Until.isTrue("the encoder is refused", Duration.ofSeconds(15), () -> !encoder.isRunning());
      }
      String retired = stream.keyFingerprint();
      stream.api().post("/streams/" + stream.id() + "/key/rotate").expect(200);
      assertThat(stream.keyFingerprint()).isNotEqualTo(retired);
      try (Ffmpeg encoder = stream.publishWith(stream.key())) {
        Until.isTrue("the encoder is refused", Duration.ofSeconds(15), () -> !encoder.isRunning());
      }
      List<JsonNode> refused =
          Until.satisfied(
              "an event about the refusal",
              Duration.ofSeconds(15),
              () -> refusals(events),
              list -> !list.isEmpty());
      assertThat(refused).as("the unknown key has no owner to be told").hasSize(1);
      JsonNode data = refused.getFirst().get("data");
      assertThat(data.get("streamId").asString()).isEqualTo(stream.id());
      assertThat(data.get("reason").asString()).isEqualTo("retired_key");
      assertThat(data.get("keyFingerprint").asString()).isEqualTo(retired);
      assertThat(stream.state()).isEqualTo("idle");
    }
  }

  private static List<JsonNode> refusals(Events events) {
    return events.seen().stream()
        .filter(event -> event.get("type").asString().equals("publish.refused"))
        .toList();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
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
