package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Map;
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
  })
  void everyFrameOfARealEncoderReachesThreeSinks(String flush, String transport) throws Exception {
    Map<String, String> settings = Map.of("MANYCAST_FLUSH", flush, "MANYCAST_TRANSPORT", transport);
    try (AnotherNode node = new AnotherNode(product, settings);
        LiveStream stream = new LiveStream(product, flush + " " + transport, Clip.shorter())) {
      if (!node.awaitReady()) {
        refusesPlainly(node, transport);
        abort("this machine allows no " + transport);
      }
      assertThat(node.log().lines())
          .anyMatch(line -> line.contains("MANYCAST_FLUSH=" + flush))
          .anyMatch(line -> line.contains("MANYCAST_TRANSPORT=" + transport));
      stream.addSink("one");
      stream.addSink("two");
      stream.addSink("three");
      try (Ffmpeg encoder = stream.publishTo(node.publishUrl(stream.key()))) {
        encoder.awaitSuccess();
      }
      stream.verifyThatEverythingArrived();
    }
  }

  /** A kernel without it, or a container that forbids it, is no fault of ours. */
  private static void refusesPlainly(AnotherNode node, String transport) {
    assertThat(transport).as(node.refusal()).isEqualTo("io_uring");
    assertThat(node.refusal())
        .startsWith("2 ")
        .contains("MANYCAST_TRANSPORT", "it must be there on this machine");
  }
}
