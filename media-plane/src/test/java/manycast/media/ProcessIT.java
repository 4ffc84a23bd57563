package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
import manycast.media.testing.StrictChunkReader.Message;
import manycast.media.testing.Until;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The node as the process that a launcher starts and stops. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProcessIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String ENCODER_KEY = "secret-key-of-the-encoder";

  @TempDir static Path folder;
  private static Clip clip;

  @BeforeAll
  static void makeClip() throws Exception {
    clip = Clip.make(folder, 4);
  }

  @Test
  void sigintEndsTheShowPolitelyAndTheProcessWithZero() throws Exception {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    try (TestDatabase database = TestDatabase.create();
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      Rows rows = rows(database, keys, sink);
      try (Node node = new Node(database, keys, "int")) {
        try (Encoder encoder = Encoder.accepted(node.rtmpPort, ENCODER_KEY)) {
          encoder.sendInRealTime(clip.tags().subList(0, 120));
          sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
          node.endsWithZeroOn("INT");
          assertThat(sink.await(0, SOON, Visit::ended).commands())
              .endsWith("FCUnpublish", "deleteStream");
        }
        assertThat(rows.texts("select end_reason from broadcast")).containsExactly("shutdown");
        assertThat(rows.texts("select state from relay")).containsExactly("ended");
        assertThat(rows.texts("select state from node")).containsExactly("gone");
        assertThat(rows.texts("select preview_url from node"))
            .allMatch(url -> url.startsWith("http://localhost:"));
        assertThat(Files.readString(node.log))
            .doesNotContain("secret-key", keys.encoded(), database.mediaPassword())
            .contains("MANYCAST_RTMP_PORT=" + node.rtmpPort);
      }
    }
  }

  @Test
  void sigtermLeavesTheShowOnAndTheNextProcessGoesOnWithIt() throws Exception {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    try (TestDatabase database = TestDatabase.create();
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      Rows rows = rows(database, keys, sink);
      try (Node node = new Node(database, keys, "term")) {
        try (Encoder encoder = Encoder.accepted(node.rtmpPort, ENCODER_KEY)) {
          Thread sending = sendUntilCut(encoder);
          Visit visit = sink.await(0, SOON, seen -> seen.ofType(FlvTag.VIDEO).size() > 5);
          node.endsWithZeroOn("TERM");
          sending.join();
          assertThat(sink.await(0, SOON, Visit::ended).commands())
              .as("the show is not ended there")
              .doesNotContain("FCUnpublish", "deleteStream");
          assertEndsWithAWholeGroup(visit);
        }
        assertThat(
                rows.texts("select concat_ws(' ', state, released, interruptions) from broadcast"))
            .containsExactly("resuming t 1");
        assertThat(rows.texts("select state from relay")).containsExactly("idle");
        assertThat(rows.texts("select state from node")).containsExactly("gone");
      }
      long sentBefore = sent(rows);
      assertThat(sentBefore).isPositive();

      try (Node node = new Node(database, keys, "next")) {
        try (Encoder encoder = Encoder.accepted(node.rtmpPort, ENCODER_KEY)) {
          encoder.sendInRealTime(clip.tags().subList(0, 120));
          Visit second = sink.await(1, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
          assertThat(Legs.media(second, FlvTag.VIDEO).getFirst().body()[0]).isEqualTo((byte) 0x17);
          encoder.goodbye();
          sink.await(1, SOON, Visit::ended);
          node.endsWithZeroOn("INT");
        }
      }
      assertThat(
              rows.texts(
                  "select concat_ws(' ', state, end_reason, released, interruptions) from broadcast"))
          .containsExactly("ended encoder f 1");
      assertThat(sent(rows)).as("counted on").isGreaterThan(sentBefore);
      assertThat(rows.texts("select reconnects from relay")).containsExactly("1");
      assertThat(
              rows.texts("select type from event where type like 'broadcast.%' order by xact, seq"))
          .containsExactly(
              "broadcast.started", "broadcast.interrupted", "broadcast.resumed", "broadcast.ended");
    }
  }

  @Test
  void whatAKilledProcessCarriedGoesOnInTheNextOne() throws Exception {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    try (TestDatabase database = TestDatabase.create();
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      Rows rows = rows(database, keys, sink);
      int internalPort;
      try (Node node = new Node(database, keys, "killed")) {
        internalPort = node.internalPort;
        try (Encoder encoder = Encoder.accepted(node.rtmpPort, ENCODER_KEY)) {
          encoder.sendInRealTime(clip.tags().subList(0, 120));
          sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        }
      }
      try (Node node = new Node(database, keys, "again", internalPort)) {
        assertThat(rows.texts("select concat_ws(' ', state, released) from broadcast"))
            .containsExactly("resuming t");
        try (Encoder encoder = Encoder.accepted(node.rtmpPort, ENCODER_KEY)) {
          encoder.sendInRealTime(clip.tags().subList(0, 120));
          sink.await(1, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
          assertThat(rows.texts("select concat_ws(' ', state, interruptions) from broadcast"))
              .containsExactly("live 1");
          encoder.goodbye();
          sink.await(1, SOON, Visit::ended);
        }
      }
    }
  }

  @Test
  void anEncoderThatComesBeforeTheNodeIsReadyIsNotSentAway() throws Exception {
    for (int starts = 1; ; starts++) {
      try {
        assertHoldsAnEncoderUntilItIsReady();
        return;
      } catch (IOException sentAway) {
        // An encoder is held for three seconds; on a busy machine a start may take longer.
        if (starts == 3) {
          throw sentAway;
        }
      }
    }
  }

  private static void assertHoldsAnEncoderUntilItIsReady() throws Exception {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    try (TestDatabase database = TestDatabase.create()) {
      Rows rows = new Rows(database, keys);
      rows.addKey(ENCODER_KEY);
      try (Node node = new Node(database, keys, "early", freePort(), false)) {
        Until.isTrue(SOON, "its port is open", () -> isOpen(node.rtmpPort));
        assertThat(rows.texts("select state from node")).as("not ready yet").isEmpty();
        try (Encoder encoder = Encoder.accepted(node.rtmpPort, ENCODER_KEY)) {
          assertThat(rows.texts("select state from broadcast")).containsExactly("live");
          encoder.goodbye();
        }
        node.endsWithZeroOn("INT");
      }
    }
  }

  /** The last keyframe that was sent on lies behind: what came with the next one was not. */
  private static void assertEndsWithAWholeGroup(Visit visit) {
    List<Message> pictures = Legs.media(visit, FlvTag.VIDEO);
    int keyframes = 0;
    int sinceKeyframe = 0;
    for (Message picture : pictures) {
      boolean keyframe = picture.body()[0] == 0x17;
      keyframes += keyframe ? 1 : 0;
      sinceKeyframe = keyframe ? 1 : sinceKeyframe + 1;
    }
    assertThat(keyframes).isPositive();
    assertThat(sinceKeyframe).as("pictures of the last group").isEqualTo(30);
  }

  private static Thread sendUntilCut(Encoder encoder) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                long offsetMs = 0;
                while (true) {
                  for (Clip.Tag tag : clip.tags()) {
                    Thread.sleep(tag.isMedia() ? 10 : 0);
                    encoder.send(tag, tag.timestampMs() + offsetMs);
                  }
                  offsetMs += 4_000;
                }
              } catch (IOException | InterruptedException cut) {
                // The node closes: that is what is waited for.
              }
            });
  }

  private static long sent(Rows rows) throws Exception {
    return Long.parseLong(rows.texts("select bytes_sent from relay").getFirst());
  }

  private static Rows rows(TestDatabase database, MediaKeys keys, RtmpSink sink) throws Exception {
    Rows rows = new Rows(database, keys);
    rows.addKey(ENCODER_KEY);
    rows.addDestination("a place", sink.url(), "secret-key-of-the-destination");
    return rows;
  }

  /** One process; closing it is SIGKILL. */
  private static final class Node implements AutoCloseable {
    private final int rtmpPort = freePort();
    private final int internalPort;
    private final Path log;
    private final Process process;

    Node(TestDatabase database, MediaKeys keys, String name) throws IOException {
      this(database, keys, name, freePort());
    }

    Node(TestDatabase database, MediaKeys keys, String name, int internalPort) throws IOException {
      this(database, keys, name, internalPort, true);
    }

    Node(TestDatabase database, MediaKeys keys, String name, int internalPort, boolean untilReady)
        throws IOException {
      this.internalPort = internalPort;
      log = folder.resolve("node-" + name + ".log");
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
                  "MANYCAST_RTMPS_PORT", String.valueOf(freePort()),
                  "MANYCAST_MEDIA_HTTP_PORT", String.valueOf(freePort()),
                  "MANYCAST_MEDIA_INTERNAL_PORT", String.valueOf(internalPort),
                  "MANYCAST_NODE_URL", "http://127.0.0.1:" + internalPort,
                  "MANYCAST_MEDIA_MEMORY", "128m"));
      process = builder.start();
      if (untilReady) {
        try (HttpClient http = HttpClient.newHttpClient()) {
          Until.isTrue(SOON, "it is ready", () -> isReady(http, internalPort));
        }
      }
    }

    void endsWithZeroOn(String signal) throws Exception {
      assertThat(
              new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                  .start()
                  .waitFor())
          .isZero();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  private static boolean isOpen(int port) {
    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return connection.isConnected();
    } catch (IOException notYet) {
      return false;
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

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
