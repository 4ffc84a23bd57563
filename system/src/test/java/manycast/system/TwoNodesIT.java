package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One key and two nodes: a broadcast is at one of them at a time, and moves when it is let go. */
class TwoNodesIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Product product = Product.shared();
  private static AnotherNode other;

  @BeforeAll
  static void start() throws Exception {
    other = new AnotherNode(product, Map.of());
    other.awaitReady();
  }

  @AfterAll
  static void stop() throws Exception {
    other.close();
  }

  @Test
  void aSecondNodeTakesABroadcastOnlyWhenTheFirstHasLetItGo() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Two nodes")) {
      Sink sink = stream.sink(stream.addSink("one"));
      JsonNode before;
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        before = stream.live();

        assertRefusedElsewhere(stream);
        stream.awaitMoreFrames(100);
        assertThat(encoder.isRunning()).isTrue();
        assertThat(sink.publishes()).as("nobody else published there").isEqualTo(1);

        ProcessHandle node = product.process("media-plane");
        node.destroy();
        node.onExit().join();
        Until.isTrue("the encoder notices", SOON, () -> !encoder.isRunning());
      }
      goesOnAtTheOtherNode(stream, before);
      awaitTheFirstNode();
    }
  }

  @Test
  void anEncoderThatIsSilentAtOneNodeMakesRoomForOneWithItsKeyAtAnother() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Silent at one node")) {
      stream.addSink("one");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        JsonNode before = stream.live();
        assertRefusedElsewhere(stream);

        encoder.freeze();

        goesOnAtTheOtherNode(stream, before);
      }
    }
  }

  @Test
  void aNodeThatHangsLosesItsBroadcastOnceItsHeartbeatsHaveStopped() throws Exception {
    try (LiveStream stream = new LiveStream(product, "A node that hangs")) {
      Sink sink = stream.sink(stream.addSink("one"));
      ProcessHandle node = product.process("media-plane");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        JsonNode before = stream.live();
        signal(node, "STOP");
        try {
          goesOnAtTheOtherNode(stream, before);
          assertThat(encoder.isRunning()).isTrue();
        } finally {
          signal(node, "CONT");
        }
        Until.isTrue("its encoder is let go", SOON, () -> !encoder.isRunning());
      }
      awaitTheFirstNode();
      assertThat(sink.publishes()).as("it did not come again").isEqualTo(2);
      assertThat(sink.goodbyes()).as("nor ended what is not its own").isEqualTo(1);
    }
  }

  private static void assertRefusedElsewhere(LiveStream stream) {
    try (Ffmpeg second = stream.publishTo(other.publishUrl(stream.key()))) {
      Until.isTrue("the second is refused", SOON, () -> !second.isRunning());
      assertThat(stream.state()).isEqualTo("live");
    }
  }

  /** An encoder that comes to the other node, again where it is refused, goes on with the same. */
  private static void goesOnAtTheOtherNode(LiveStream stream, JsonNode before) {
    Sink sink = stream.sinks().getFirst();
    long publishes = sink.publishes();
    AtomicReference<Ffmpeg> encoder =
        new AtomicReference<>(stream.publishTo(other.publishUrl(stream.key())));
    Until.isTrue(
        "published again",
        SOON,
        () -> {
          if (!encoder.get().isRunning()) {
            encoder.set(stream.publishTo(other.publishUrl(stream.key())));
          }
          return sink.publishes() > publishes;
        });
    stream.awaitMoreFrames(100);
    JsonNode live = stream.live();
    assertThat(live.get("broadcastId")).isEqualTo(before.get("broadcastId"));
    assertThat(live.get("nodeId")).isNotEqualTo(before.get("nodeId"));
    assertThat(sink.publishes()).isEqualTo(publishes + 1);
    assertThat(sink.goodbyes()).as("the show was not ended there").isZero();
    assertThat(encoder.get().isRunning()).isTrue();
    encoder.get().interrupt();
    stream.awaitState("idle");
    Until.isTrue("the goodbye", SOON, sink::endedWithGoodbye);
    assertThat(sink.fault()).isNull();
  }

  private static void awaitTheFirstNode() {
    Until.isTrue(
        "the first node is back",
        SOON,
        () -> Ports.isReady(product.port("MANYCAST_MEDIA_HTTP_PORT")));
  }

  private static void signal(ProcessHandle process, String name)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }
}
