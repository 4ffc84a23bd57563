package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Servers that others have written as destinations: what they record is decoded by ffmpeg without a
 * complaint, and nothing is missing.
 */
class RealDestinationsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final Product product = Product.shared();

  @Test
  void nginxAndFfmpegRecordEveryFrameAndAWrongCertificateFailsForGood() throws Exception {
    Clip clip = Clip.shortest();
    int port = Ports.free();
    Path recorded = folder.resolve("ffmpeg.flv");
    Trusted trusted = Trusted.get();
    try (Nginx nginx =
            new Nginx(
                folder,
                Map.of(
                    "right", trusted.right(),
                    "other-host", trusted.ofAnotherHost(),
                    "unknown", trusted.unknown()));
        Ffmpeg ffmpeg = Ffmpeg.record(port, recorded, folder.resolve("ffmpeg.log"));
        LiveStream stream = new LiveStream(product, "Real destinations", clip)) {
      stream.addDestination("nginx", nginx.url(), "plain");
      stream.addDestination("nginx over TLS", nginx.secureUrl("right"), "secure");
      stream.addDestination("ffmpeg", "rtmp://127.0.0.1:" + port + "/live", "in");
      String otherHost =
          stream.addDestination("other host", nginx.secureUrl("other-host"), "other-host");
      String unknown = stream.addDestination("unknown", nginx.secureUrl("unknown"), "unknown");
      Path selfMade = product.home().resolve("secrets/rtmps.pem");
      try (Ffmpeg encoder =
          Ffmpeg.publishOverTls(
              clip.file(),
              product.secureUrl(stream.key()),
              selfMade,
              folder.resolve("encoder.log"))) {
        assertFailsForGood(stream, otherHost, "tls_host");
        assertFailsForGood(stream, unknown, "tls_untrusted");
        encoder.awaitSuccess();
      }
      stream.awaitState("idle");
      ffmpeg.awaitSuccess();

      Map<String, Integer> expected = Decoded.of(clip.file()).frames();
      assertThat(expected).as("a clip with pictures and sound").hasSize(2);
      for (Path file : new Path[] {nginx.recording("plain"), nginx.recording("secure"), recorded}) {
        Decoded arrived =
            Until.satisfied(
                "all of " + file.getFileName(),
                SOON,
                () -> Decoded.of(file),
                decoded -> decoded.frames().equals(expected));
        assertThat(arrived.complaints()).as(file.getFileName().toString()).isEmpty();
      }
      assertThat(nginx.recording("other-host")).doesNotExist();
      assertThat(nginx.recording("unknown")).doesNotExist();
    }
  }

  private static void assertFailsForGood(LiveStream stream, String destination, String code) {
    JsonNode row =
        Until.satisfied(
            code,
            Duration.ofSeconds(10),
            () -> stream.destination(destination),
            now -> now.get("state").asString().equals("failed"));
    assertThat(row.get("lastErrorCode").asString()).isEqualTo(code);
    assertThat(row.get("permanent").asBoolean()).isTrue();
  }
}
