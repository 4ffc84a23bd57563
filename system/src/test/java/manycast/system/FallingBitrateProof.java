package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import manycast.media.testing.ModernFfmpeg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A real encoder whose bitrate falls to a fraction of what it was. Nothing is usual before a minute
 * has passed, so this is too long for the run of all tests: {@code mvn verify -pl system -am
 * -Dit.test=FallingBitrateProof -Dfailsafe.failIfNoSpecifiedTests=false}.
 */
class FallingBitrateProof {
  private static final int FULL_SECONDS = 45;
  private static final int SECONDS = 100;

  private final Product product = Product.shared();

  @TempDir private Path folder;

  @Test
  void isWarnedOfOnceAMinuteHasPassedAndNotBefore() throws Exception {
    ModernFfmpeg ffmpeg = ModernFfmpeg.unpack(Files.createDirectory(folder.resolve("ffmpeg")));
    Path clip = folder.resolve("falling.flv");
    ffmpeg.run(
        folder.resolve("made.log"),
        ("-f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=sample_rate=48000 -t %d -c:v libx264"
                + " -preset ultrafast -pix_fmt yuv420p -qp 28 -vf noise=alls=30:allf=t:enable='lt(t,%d)' -g 50"
                + " -keyint_min 50 -sc_threshold 0 -c:a aac -b:a 96k -ac 2 -f flv %s")
            .formatted(SECONDS, FULL_SECONDS, clip)
            .split(" "));
    try (LiveStream stream = new LiveStream(product, "falling")) {
      stream.addDestination("Place", "rtmps://127.0.0.1:" + Ports.free() + "/app", "k");
      Process encoder =
          ffmpeg.start(
              folder.resolve("published.log"),
              List.of(
                  "-re",
                  "-i",
                  clip.toString(),
                  "-c",
                  "copy",
                  "-f",
                  "flv",
                  product.publishUrl(stream.key())));
      try {
        JsonNode ingest =
            Until.satisfied(
                "a warning",
                Duration.ofSeconds(SECONDS),
                () -> stream.live().get("ingest"),
                told -> !told.get("warnings").isEmpty());
        assertThat(ingest.get("uptimeMs").asLong()).isGreaterThanOrEqualTo(60_000);
        assertThat(ingest.get("warnings").get(0).get("code").asString()).isEqualTo("bitrate_low");
        assertThat(ingest.get("warnings").get(0).get("text").asString())
            .contains("and it usually has", "Dynamically change bitrate");
      } finally {
        encoder.destroyForcibly();
      }
    }
  }
}
