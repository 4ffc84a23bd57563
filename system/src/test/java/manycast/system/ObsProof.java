package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manycast.system.Recorder.Visit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.JsonNode;

/**
 * The real OBS and three destinations: everything OBS gets through to the node arrives at each,
 * whatever happens to OBS and to its network. Too long and too large for the run of all tests:
 * {@code ./manycast test obs}.
 */
class ObsProof {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** OBS waits longer each time: after 40 s it may be 26 s until it tries again. */
  private static final Duration RETRY = Duration.ofSeconds(60);

  private static final Duration SHORT_CUT = Duration.ofSeconds(10);
  private static final Duration LONG_CUT = Duration.ofSeconds(40);

  /** Ten seconds of pictures and sound. */
  private static final int SOME = 10 * (30 + 47);

  private final Product product = Product.shared();

  /** A stream, the way to it, and its three destinations. */
  private final class Show implements AutoCloseable {
    private final LiveStream stream;
    private final Wire wire = new Wire(product.port("MANYCAST_RTMP_PORT"));
    private final List<Recorder> recorders = new ArrayList<>();

    Show(TestInfo test) {
      this.stream = new LiveStream(product, test.getDisplayName());
      for (String name : List.of("one", "two", "three")) {
        Recorder recorder = new Recorder();
        recorders.add(recorder);
        stream.addDestination(name, recorder.url(), "key-" + name);
      }
    }

    void setGrace(int seconds) {
      stream
          .api()
          .patch("/streams/" + stream.id(), Map.of("resumeGraceSeconds", seconds))
          .expect(200);
    }

    Obs open() {
      return open(stream.key());
    }

    Obs open(String key) {
      return Obs.open("rtmp://127.0.0.1:" + wire.port() + "/live", key);
    }

    String broadcastId() {
      return stream.live().get("broadcastId").asString();
    }

    /** Waits until each destination has got more frames on its publish of that number. */
    void awaitMore(int publish) {
      for (Recorder recorder : recorders) {
        Until.isTrue("publish " + publish, RETRY, () -> recorder.visits().size() >= publish);
        Visit visit = recorder.visits().get(publish - 1);
        int before = visit.frames();
        Until.isTrue("more frames", RETRY, () -> visit.frames() >= before + SOME);
      }
    }

    void awaitGoodbyes(int publish) {
      for (Recorder recorder : recorders) {
        Until.isTrue("goodbye", SOON, recorder.visits().get(publish - 1)::saidGoodbye);
      }
    }

    void verify(int publish, List<List<Media>> sent) {
      for (Recorder recorder : recorders) {
        Delivery.verify(sent, recorder.visits().get(publish - 1));
      }
    }

    void assertPublishes(int expected) {
      for (Recorder recorder : recorders) {
        assertThat(recorder.visits()).as("publishes at a destination").hasSize(expected);
      }
    }

    /** The pressed button, the end at every destination, and one history of all that was sent. */
    void stopAndVerify(Obs obs, String broadcast, int interruptions) throws IOException {
      obs.stopStreaming();
      stream.awaitState("idle");
      awaitGoodbyes(1);
      verify(1, wire.sent());
      assertPublishes(1);
      assertEnded(broadcast, "encoder", interruptions);
    }

    void assertEnded(String broadcast, String reason, int interruptions) {
      JsonNode ended =
          Until.satisfied(
              "the end in the history",
              SOON,
              () -> stream.api().get("/broadcasts/" + broadcast).expect(200),
              row -> row.get("state").asString().equals("ended"));
      assertThat(ended.get("endReason").asString()).isEqualTo(reason);
      assertThat(ended.get("interruptions").asInt()).isEqualTo(interruptions);
    }

    /**
     * Cuts the network for so long, and looks at the stream's state before it is mended. The kernel
     * drops every packet, where it may be told to; elsewhere everything is held back.
     */
    void cutFor(Duration duration, String... statesThen) {
      if (PacketDrop.isPossible()) {
        try (var _ = new PacketDrop(wire.port())) {
          outage(duration, statesThen);
        }
      } else {
        holdBackFor(duration, statesThen);
      }
    }

    /** Nothing passes for so long; then all of it does, at once. */
    void holdBackFor(Duration duration, String... statesThen) {
      wire.cut();
      outage(duration, statesThen);
      wire.mend();
    }

    private void outage(Duration duration, String... statesThen) {
      long end = System.nanoTime() + duration.toNanos();
      Until.isTrue("the outage", duration.plus(SOON), () -> System.nanoTime() >= end);
      assertThat(stream.state()).as("while cut off").isIn((Object[]) statesThen);
    }

    @Override
    public void close() throws Exception {
      wire.close();
      stream.close();
      recorders.forEach(Recorder::close);
    }
  }

  @Test
  void everyFrameArrivesAtThreeDestinationsAndTheStopEndsTheBroadcast(TestInfo test)
      throws Exception {
    try (Show show = new Show(test);
        Obs obs = show.open()) {
      obs.startStreaming();
      show.stream.awaitState("live");
      show.awaitMore(1);
      Until.satisfied(
          "what it sends",
          SOON,
          () -> facts(show.stream.live().get("ingest")),
          "H.264 640x360 30.0 AAC"::equals);
      Until.satisfied(
          "its own name",
          SOON,
          () -> show.stream.live().get("ingest").get("encoder").asString(),
          name -> name.contains("obs-output module"));
      show.stopAndVerify(obs, show.broadcastId(), 0);
    }
  }

  private static String facts(JsonNode ingest) {
    return "%s %sx%s %s %s"
        .formatted(
            ingest.get("videoCodec").asString(),
            ingest.get("width").asInt(),
            ingest.get("height").asInt(),
            ingest.get("frameRate").asDouble(),
            ingest.get("audioCodec").asString());
  }

  @Test
  void aWrongKeyIsShownInItsOwnDialogAndIsNotTriedAgain(TestInfo test) throws Exception {
    try (Show show = new Show(test);
        Obs obs = show.open("no-such-key-anywhere")) {
      obs.startStreaming();
      Until.satisfied("OBS is refused", SOON, obs::log, log -> log.contains("failed: -3"));
      Until.isTrue("OBS has given up", SOON, () -> !obs.status().get("outputActive").asBoolean());
      assertThat(obs.status().get("outputReconnecting").asBoolean()).isFalse();
      assertThat(obs.log()).doesNotContain("Reconnecting");
      assertThat(show.wire.connections()).isEqualTo(1);
      assertThat(show.stream.state()).isEqualTo("idle");
      show.assertPublishes(0);
    }
  }

  @Test
  void killedAndStartedAgainItGoesOnInTheSameBroadcast(TestInfo test) throws Exception {
    try (Show show = new Show(test)) {
      String broadcast;
      // It may take half a minute until it runs again, on a machine that has other work.
      show.setGrace(120);
      try (Obs obs = show.open()) {
        obs.startStreaming();
        show.awaitMore(1);
        broadcast = show.broadcastId();
        obs.kill();
        show.stream.awaitState("resuming");
      }
      try (Obs obs = show.open()) {
        obs.startStreaming();
        show.stream.awaitState("live");
        show.awaitMore(1);
        assertThat(show.broadcastId()).isEqualTo(broadcast);
        show.stopAndVerify(obs, broadcast, 1);
      }
    }
  }

  @Test
  void tenSecondsThatAreHeldBackAreNoInterruptionHoweverShortTheGrace(TestInfo test)
      throws Exception {
    try (Show show = new Show(test);
        Obs obs = show.open()) {
      show.setGrace(0);
      obs.startStreaming();
      show.awaitMore(1);
      String broadcast = show.broadcastId();
      show.holdBackFor(SHORT_CUT, "live");
      show.awaitMore(1);
      assertThat(show.stream.state()).isEqualTo("live");
      assertThat(show.wire.connections()).isEqualTo(1);
      assertThat(show.broadcastId()).isEqualTo(broadcast);
      show.stopAndVerify(obs, broadcast, 0);
    }
  }

  /**
   * A kernel waits twice as long each time before it sends again, so it may be silent for longer
   * than the network was.
   */
  @Test
  void tenSecondsWithoutNetworkAreBridged(TestInfo test) throws Exception {
    try (Show show = new Show(test);
        Obs obs = show.open()) {
      show.setGrace(120);
      obs.startStreaming();
      show.awaitMore(1);
      String broadcast = show.broadcastId();
      show.cutFor(SHORT_CUT, "live");
      show.awaitMore(1);
      Until.satisfied("OBS is back", RETRY, show.stream::state, "live"::equals);
      assertThat(show.broadcastId()).isEqualTo(broadcast);
      show.stopAndVerify(obs, broadcast, show.wire.sent().size() - 1);
    }
  }

  @Test
  void fortySecondsWithoutNetworkAreBridgedWithinTheGrace(TestInfo test) throws Exception {
    try (Show show = new Show(test);
        Obs obs = show.open()) {
      show.setGrace(120);
      obs.startStreaming();
      show.awaitMore(1);
      String broadcast = show.broadcastId();
      show.cutFor(LONG_CUT, "resuming");
      Until.satisfied("OBS is back", RETRY, show.stream::state, "live"::equals);
      show.awaitMore(1);
      assertThat(show.broadcastId()).isEqualTo(broadcast);
      assertThat(show.wire.sent()).hasSize(2);
      show.stopAndVerify(obs, broadcast, 1);
    }
  }

  @Test
  void fortySecondsWithoutNetworkEndTheBroadcastWhoseGraceIsShorter(TestInfo test)
      throws Exception {
    try (Show show = new Show(test);
        Obs obs = show.open()) {
      show.setGrace(5);
      obs.startStreaming();
      show.awaitMore(1);
      String first = show.broadcastId();
      show.cutFor(LONG_CUT, "idle");
      show.assertEnded(first, "encoder_lost", 1);
      show.awaitGoodbyes(1);
      Until.satisfied("OBS is back", RETRY, show.stream::state, "live"::equals);
      show.awaitMore(2);
      String second = show.broadcastId();
      assertThat(second).isNotEqualTo(first);
      obs.stopStreaming();
      show.stream.awaitState("idle");
      show.awaitGoodbyes(2);
      show.assertEnded(second, "encoder", 0);
      List<List<Media>> sent = show.wire.sent();
      assertThat(sent).hasSize(2);
      show.verify(1, sent.subList(0, 1));
      show.verify(2, sent.subList(1, 2));
      show.assertPublishes(2);
    }
  }
}
