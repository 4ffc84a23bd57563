package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One key and two nodes: a broadcast is at one of them at a time, and moves when it is let go. */
class TwoNodesIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Product product = Product.shared();

  @Test
  void aSecondNodeTakesABroadcastOnlyWhenTheFirstHasLetItGo() throws Exception {
    try (AnotherNode other = new AnotherNode(product, Map.of());
        LiveStream stream = new LiveStream(product, "Two nodes")) {
      other.awaitReady();
      String destination = stream.addSink("one");
      Sink sink = stream.sink(destination);
      String broadcast;
      String firstNode;
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        JsonNode live = stream.live();
        broadcast = live.get("broadcastId").asString();
        firstNode = live.get("nodeId").asString();

        try (Ffmpeg second = stream.publishTo(other.publishUrl(stream.key()))) {
          Until.isTrue("the second is refused", SOON, () -> !second.isRunning());
        }
        stream.awaitMoreFrames(100);
        assertThat(encoder.isRunning()).isTrue();
        assertThat(sink.publishes()).as("nobody else published there").isEqualTo(1);

        ProcessHandle node = product.process("media-plane");
        node.destroy();
        node.onExit().join();
        Until.isTrue("the encoder notices", SOON, () -> !encoder.isRunning());
      }
      try (Ffmpeg encoder = stream.publishTo(other.publishUrl(stream.key()))) {
        Until.isTrue("published to again", SOON, () -> sink.publishes() == 2);
        stream.awaitMoreFrames(100);
        JsonNode live = stream.live();
        assertThat(live.get("broadcastId").asString()).isEqualTo(broadcast);
        assertThat(live.get("nodeId").asString()).isNotEqualTo(firstNode);
        assertThat(sink.goodbyes()).as("the show was not ended there").isZero();
        assertThat(encoder.isRunning()).isTrue();
        encoder.interrupt();
      }
      stream.awaitState("idle");
      assertThat(sink.fault()).isNull();
      Until.isTrue(
          "the first node is back",
          SOON,
          () -> Ports.isReady(product.port("MANYCAST_MEDIA_HTTP_PORT")));
    }
  }
}
