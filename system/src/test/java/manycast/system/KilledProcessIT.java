package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.Test;

/** SIGKILL of one process while a stream is live. */
class KilledProcessIT {
  /** The contract's 5 s, threefold for slow machines: what is promised is 5, not 15. */
  private static final Duration BACK = Duration.ofSeconds(15);

  private final Product product = Product.shared();

  @Test
  void noFrameIsLostWhenTheControlPlaneIsKilled() throws Exception {
    survives("control-plane", "MANYCAST_HTTP_PORT");
  }

  @Test
  void noFrameIsLostWhenPostgresIsKilled() throws Exception {
    survives("postgres", "MANYCAST_DB_PORT");
  }

  private void survives(String name, String portVariable) throws Exception {
    try (LiveStream stream = new LiveStream(product, "Without " + name)) {
      for (String sink : new String[] {"one", "two", "three"}) {
        stream.addSink(sink);
      }
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        kill(name, portVariable);
        stream.awaitMoreFrames(100);
        Until.satisfied("the stream is live in the API", BACK, stream::state, "live"::equals);
        stream.awaitMoreFrames(100);
        for (Sink sink : stream.sinks()) {
          assertThat(sink.fault()).as(sink.name()).isNull();
          assertThat(sink.publishes()).as(sink.name()).isEqualTo(1);
          assertThat(sink.startDtsMs()).as(sink.name()).isZero();
        }
        assertThat(encoder.isRunning()).isTrue();
      }
    }
  }

  private void kill(String name, String portVariable) {
    ProcessHandle victim = product.process(name);
    victim.destroyForcibly();
    victim.onExit().join();
    Until.isTrue(
        name + " is back on its port as another process",
        BACK,
        () ->
            Ports.isOpen(product.port(portVariable))
                && product.process(name).pid() != victim.pid());
    String said = "%s is back (pid %d) after ".formatted(name, product.process(name).pid());
    Until.isTrue(
        "the launcher says that " + name + " is back",
        BACK,
        () -> product.output().stream().anyMatch(line -> line.startsWith(said)));
  }
}
