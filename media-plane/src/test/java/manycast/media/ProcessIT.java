package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import manycast.db.keys.MediaKeys;
import manycast.db.keys.SecretKey;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Rows;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The node as the process that a launcher starts and stops. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProcessIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalEndsTheShowPolitelyAndTheProcessWithZero(String signal) throws Exception {
    Clip clip = Clip.make(folder, 4);
    MediaKeys keys = SecretKey.generate().mediaKeys();
    int rtmpPort = freePort();
    int internalPort = freePort();
    Path log = folder.resolve("node-" + signal + ".log");
    try (TestDatabase database = TestDatabase.create();
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      Rows rows = new Rows(database, keys);
      rows.addKey("secret-key-of-the-encoder");
      rows.addDestination("a place", sink.url(), "secret-key-of-the-destination");
      ProcessBuilder builder =
          new ProcessBuilder(
                  List.of(
                      "env",
                      "--default-signal=INT,TERM",
                      java(),
                      "--enable-native-access=ALL-UNNAMED",
                      "-Dlogback.configurationFile=logback.xml",
                      "-cp",
                      System.getProperty("java.class.path"),
                      MediaPlane.class.getName()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "MANYCAST_DB_URL", database.url(),
                  "MANYCAST_DB_USER", TestDatabase.MEDIA,
                  "MANYCAST_DB_PASSWORD", database.mediaPassword(),
                  "MANYCAST_MEDIA_KEY", keys.encoded(),
                  "MANYCAST_RTMP_PORT", String.valueOf(rtmpPort),
                  "MANYCAST_MEDIA_HTTP_PORT", String.valueOf(freePort()),
                  "MANYCAST_MEDIA_INTERNAL_PORT", String.valueOf(internalPort),
                  "MANYCAST_MEDIA_MEMORY", "128m"));
      Process node = builder.start();
      try (HttpClient http = HttpClient.newHttpClient()) {
        Until.isTrue(SOON, "it is ready", () -> isReady(http, internalPort));
        try (Encoder encoder = Encoder.accepted(rtmpPort, "secret-key-of-the-encoder")) {
          encoder.sendInRealTime(clip.tags().subList(0, 120));
          sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);

          assertThat(
                  new ProcessBuilder("kill", "-" + signal, String.valueOf(node.pid()))
                      .start()
                      .waitFor())
              .isZero();

          assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
          assertThat(node.exitValue()).isZero();
          assertThat(sink.await(0, SOON, Visit::ended).commands())
              .endsWith("FCUnpublish", "deleteStream");
        }
        assertThat(rows.texts("select end_reason from broadcast")).containsExactly("shutdown");
        assertThat(rows.texts("select state from relay")).containsExactly("ended");
        assertThat(rows.texts("select state from node")).containsExactly("gone");
        assertThat(Files.readString(log))
            .doesNotContain("secret-key", keys.encoded(), database.mediaPassword())
            .contains("MANYCAST_RTMP_PORT=" + rtmpPort);
      } finally {
        node.destroyForcibly();
      }
    }
  }

  private static boolean isReady(HttpClient http, int port) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
