package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both of GStreamer's ways to publish: its own one, and the one by librtmp. */
class GstreamerIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final Product product = Product.shared();

  /** One encoder with a stream of its own. */
  private final class Show implements AutoCloseable {
    private final String sink;
    private final LiveStream stream;
    private final Wire wire = new Wire(product.port("MANYCAST_RTMP_PORT"));
    private final Recorder recorder = new Recorder();
    private final Process encoder;

    Show(String sink) throws Exception {
      this.sink = sink;
      this.stream = new LiveStream(product, sink, Clip.shortest());
      stream.addDestination("one", recorder.url(), "key");
      this.encoder =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  """
                  exec gst-launch-1.0 -q -e filesrc location="$1" ! flvdemux name=in \
                    flvmux name=out streamable=true ! %s sync=true location="$2" \
                    in.video ! queue ! h264parse ! out.video \
                    in.audio ! queue ! aacparse ! out.audio
                  """
                      .formatted(sink),
                  "sh",
                  Clip.shortest().file().toString(),
                  "rtmp://127.0.0.1:%d/live/%s".formatted(wire.port(), stream.key()))
              .redirectErrorStream(true)
              .redirectOutput(log().toFile())
              .start();
    }

    private Path log() {
      return folder.resolve(sink + ".log");
    }

    void verify() throws Exception {
      assertThat(encoder.waitFor()).as(Files.readString(log())).isZero();
      stream.awaitState("idle");
      Until.isTrue(
          "goodbye",
          SOON,
          () -> !recorder.visits().isEmpty() && recorder.visits().getFirst().saidGoodbye());
      assertThat(wire.sent()).as("connections of " + sink).hasSize(1);
      long pictures = wire.sent().getFirst().stream().filter(Media::isVideo).count();
      assertThat(pictures).isEqualTo(Clip.shortest().sample().videoFrames());
      Delivery.verify(wire.sent(), recorder.visits().getFirst());
    }

    @Override
    public void close() throws Exception {
      encoder.destroyForcibly();
      encoder.onExit().join();
      wire.close();
      stream.close();
      recorder.close();
    }
  }

  @Test
  void everyFrameOfGstreamerArrivesByEitherOfItsSinks() throws Exception {
    Programs.need("gst-launch-1.0");
    List<Show> shows = new ArrayList<>();
    try {
      shows.add(new Show("rtmp2sink"));
      shows.add(new Show("rtmpsink"));
      for (Show show : shows) {
        show.verify();
      }
    } finally {
      for (Show show : shows) {
        show.close();
      }
    }
  }
}
