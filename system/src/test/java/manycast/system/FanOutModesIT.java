package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The main job under the flush modes and transports that are not the default, which {@link
 * FanOutIT} runs under.
 */
class FanOutModesIT {
  private final Product product = Product.shared();

  @ParameterizedTest(name = "MANYCAST_FLUSH={0} MANYCAST_TRANSPORT={1}")
  @CsvSource({
    "immediate, epoll",
    "80ms, epoll",
    "adaptive, io_uring",
    "immediate, io_uring",
    "80ms, io_uring",
    "adaptive, nio",
  })
  @Execution(ExecutionMode.CONCURRENT)
  void everyFrameOfARealEncoderReachesThreeSinks(String flush, String transport) throws Exception {
    Map<String, String> settings = Map.of("MANYCAST_FLUSH", flush, "MANYCAST_TRANSPORT", transport);
    try (AnotherNode node = new AnotherNode(product, settings);
        LiveStream stream = new LiveStream(product, flush + " " + transport, Clip.shorter())) {
      node.awaitReady();
      assertThat(node.log().lines())
          .anyMatch(line -> line.contains("MANYCAST_FLUSH=" + flush))
          .anyMatch(line -> line.contains("MANYCAST_TRANSPORT=" + transport));
      // Its ports are open a moment before it says so.
      String begun =
          Until.satisfied(
                  "it says on what it is",
                  Duration.ofSeconds(30),
                  () -> node.log().lines().filter(line -> line.contains(": RTMP ")).findFirst(),
                  Optional::isPresent)
              .orElseThrow();
      assumeTrue(
          begun.contains(" on " + transport + ":"),
          "this machine allows no " + transport + ": " + begun);
      stream.addSink("one");
      stream.addSink("two");
      stream.addSink("three");
      try (Ffmpeg encoder = stream.publishTo(node.publishUrl(stream.key()))) {
        encoder.awaitSuccess();
      }
      stream.verifyThatEverythingArrived();
    }
  }
}
