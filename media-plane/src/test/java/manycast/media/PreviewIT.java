package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import manycast.db.identity.ProcessIdentity;
import manycast.db.testing.TestDatabase;
import manycast.media.hls.MediaChecker;
import manycast.media.hls.PlaylistChecker;
import manycast.media.settings.Settings;
import manycast.media.testing.Authority;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The preview of a live broadcast as a strict player sees it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PreviewIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static Clip clip;
  private static Clip larger;
  private static TestDatabase database;
  private static ProcessIdentity control;

  @BeforeAll
  static void makeClips() throws Exception {
    clip = Clip.make(folder, 6);
    larger = Clip.make(folder, 2, "640x360");
    database = TestDatabase.create();
    control = ProcessIdentity.generate();
    try (Connection connection = database.control()) {
      control.register(connection);
    }
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @Test
  void aStrictPlayerGetsEveryPictureThroughResumeConfigChangeAndEnd() throws Exception {
    TestNode node = new TestNode(database);
    try (node) {
      Encoder first = Encoder.accepted(node.rtmpPort(), TestNode.KEY);
      Viewer viewer = new Viewer(base(node), client());
      CompletableFuture<Void> watching = new CompletableFuture<>();
      List<Clip.Tag> beginning = clip.tags().subList(0, clip.tags().size() / 2);
      first.sendInRealTime(beginning.subList(0, 40));
      Thread thread = Thread.ofVirtual().start(() -> viewer.watch(watching));
      first.sendInRealTime(beginning.subList(40, beginning.size()));
      first.close();

      try (Encoder second = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        second.sendInRealTime(beginning);
        long from = beginning.getLast().timestampMs() + 33;
        for (Clip.Tag tag : larger.tags()) {
          second.send(tag, from + tag.timestampMs());
          Thread.sleep(tag.isMedia() ? 8 : 0);
        }
        second.goodbye();
        watching.get(20, TimeUnit.SECONDS);
      }
      thread.join();

      assertThat(viewer.playlists.versions()).isGreaterThan(8);
      assertThat(viewer.playlists.emptyPromises()).isEmpty();
      assertThat(viewer.playlists.all().stream().filter(PlaylistChecker.Entry::discontinuity))
          .as("one for the encoder that came back, one for the other pictures")
          .hasSize(2);
      assertThat(viewer.files).hasSize(3);
      int pictures = 0;
      for (int i = 0; i < viewer.files.size(); i++) {
        pictures += RecordingIT.decode(folder.resolve("run-" + i + ".mp4"), viewer.files.get(i));
      }
      int sent = 2 * pictures(beginning) + pictures(larger.tags());
      // It began to watch at the newest keyframe, a second of pictures at most after the first.
      assertThat(pictures).isBetween(sent - 30, sent);
    }
    assertThat(node.plane().memory().held()).isZero();
  }

  @Test
  void nobodyWatchesWithoutATokenForThisBroadcast() throws Exception {
    try (TestNode node = new TestNode(database);
        Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(clip.tags().subList(0, 20));
      String base = base(node);
      String good = "?token=" + token(broadcast(node));
      assertThat(status(base + "index.m3u8", "GET")).isEqualTo(401);
      assertThat(status(base + "index.m3u8?token=x.y.z", "GET")).isEqualTo(401);
      assertThat(status(base + "index.m3u8?token=" + token(UUID.randomUUID()), "GET"))
          .isEqualTo(401);
      String foreign =
          ProcessIdentity.generate().mintViewerToken(broadcast(node), Duration.ofMinutes(1));
      assertThat(status(base + "index.m3u8?token=" + foreign, "GET")).isEqualTo(401);
      assertThat(status(base + "1-0.m4s", "GET")).isEqualTo(401);
      UUID nothing = UUID.randomUUID();
      assertThat(
              status(
                  base.replace(broadcast(node).toString(), nothing.toString())
                      + "index.m3u8?token="
                      + token(nothing),
                  "GET"))
          .isEqualTo(404);

      encoder.sendInRealTime(clip.tags().subList(20, 150));
      HttpResponse<String> playlist = get(base + "index.m3u8" + good);
      assertThat(playlist.statusCode()).isEqualTo(200);
      assertThat(playlist.headers().firstValue("access-control-allow-origin")).contains("*");
      assertThat(playlist.headers().firstValue("content-type"))
          .contains("application/vnd.apple.mpegurl");
      assertThat(status(base + "index.m3u8" + good, "HEAD")).isEqualTo(200);
      assertThat(status(base + "index.m3u8", "OPTIONS")).isEqualTo(204);
      assertThat(status(base + "index.m3u8" + good, "POST")).isEqualTo(405);
      assertThat(status(base + "index.m3u8" + good + "&_HLS_part=1", "GET")).isEqualTo(400);
      assertThat(status(base + "index.m3u8" + good + "&_HLS_msn=99", "GET")).isEqualTo(400);
      assertThat(status(base + "1-77.m4s" + good, "GET")).isEqualTo(404);
      assertThat(status(base + "other.mp4" + good, "GET")).isEqualTo(404);

      HttpRequest range =
          HttpRequest.newBuilder(URI.create(base + "still.mp4" + good))
              .header("Range", "bytes=0-7")
              .build();
      HttpResponse<byte[]> part = client().send(range, BodyHandlers.ofByteArray());
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).hasSize(8);
      HttpResponse<byte[]> still =
          client()
              .send(
                  HttpRequest.newBuilder(URI.create(base + "still.mp4" + good)).build(),
                  BodyHandlers.ofByteArray());
      assertThat(RecordingIT.decode(folder.resolve("still.mp4"), still.body())).isEqualTo(1);
    }
  }

  @Test
  void overTlsItIsHttp2() throws Exception {
    Authority authority = new Authority();
    Path certificate = folder.resolve("web.pem");
    Path key = folder.resolve("web.key");
    authority.vouchFor("localhost", "127.0.0.1").write(certificate, key);
    Settings.Tls tls = new Settings.Tls(new Settings.TlsFiles(certificate, key), List.of());
    try (TestNode node = new TestNode(database, tls);
        Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY);
        HttpClient client =
            HttpClient.newBuilder()
                .sslContext(Authority.clientTrusting(List.of(authority.certificate())))
                .version(HttpClient.Version.HTTP_2)
                .build()) {
      encoder.sendInRealTime(clip.tags().subList(0, 120));
      String base = base(node).replace("http:", "https:");
      HttpResponse<String> playlist =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(base + "index.m3u8?token=" + token(broadcast(node))))
                  .build(),
              BodyHandlers.ofString());
      assertThat(playlist.statusCode()).isEqualTo(200);
      assertThat(playlist.version()).isEqualTo(HttpClient.Version.HTTP_2);
      String segment = new PlaylistChecker().check(playlist.body()).getFirst().uri();
      HttpResponse<byte[]> media =
          client.send(
              HttpRequest.newBuilder(URI.create(base + segment)).build(),
              BodyHandlers.ofByteArray());
      assertThat(media.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(media.body()).hasSizeGreaterThan(1000);
      HttpResponse<String> health =
          client.send(
              HttpRequest.newBuilder(URI.create(base).resolve("/healthz")).build(),
              BodyHandlers.ofString());
      assertThat(health.statusCode()).isEqualTo(200);
    }
  }

  private static int pictures(List<Clip.Tag> tags) {
    return (int) tags.stream().filter(tag -> tag.type() == 9 && tag.isMedia()).count();
  }

  private static HttpClient client() {
    return CLIENT;
  }

  private static UUID broadcast(TestNode node) {
    return Until.there(
            SOON,
            "a broadcast",
            () -> node.plane().broadcasts().live().stream().findFirst().orElse(null),
            () -> "")
        .claim()
        .broadcastId();
  }

  private static String token(UUID broadcast) {
    return control.mintViewerToken(broadcast, Duration.ofMinutes(10));
  }

  private static String base(TestNode node) {
    return "http://localhost:%d/hls/%s/".formatted(node.plane().publicPort(), broadcast(node));
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return client().send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static int status(String url, String method) throws Exception {
    return client()
        .send(
            HttpRequest.newBuilder(URI.create(url))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  /** Reloads the playlist as players of low latency do, and fetches every segment. */
  private static final class Viewer {
    private final String base;
    private final HttpClient client;
    private final String token;
    private final PlaylistChecker playlists = new PlaylistChecker();
    private final MediaChecker media = new MediaChecker();
    private final List<byte[]> files = new ArrayList<>();
    private final ByteArrayOutputStream run = new ByteArrayOutputStream();
    private long next = -1;

    Viewer(String base, HttpClient client) {
      this.base = base;
      this.client = client;
      this.token = token(UUID.fromString(base.split("/")[4]));
    }

    void watch(CompletableFuture<Void> done) {
      try {
        String wish = "";
        while (true) {
          String text =
              new String(fetch("index.m3u8?token=" + token + wish), StandardCharsets.UTF_8);
          List<PlaylistChecker.Entry> entries = playlists.check(text);
          for (PlaylistChecker.Entry entry : entries) {
            if (!entry.uri().isEmpty() && entry.number() >= next) {
              next = entry.number() + 1;
              take(entry);
            }
          }
          if (text.contains("#EXT-X-ENDLIST")) {
            break;
          }
          PlaylistChecker.Entry last = entries.getLast();
          boolean grows = last.uri().isEmpty();
          wish =
              "&_HLS_msn=%d&_HLS_part=%d"
                  .formatted(
                      grows ? last.number() : last.number() + 1, grows ? last.parts().size() : 0);
        }
        finishRun();
        done.complete(null);
      } catch (Exception | AssertionError e) {
        done.completeExceptionally(e);
      }
    }

    private void take(PlaylistChecker.Entry entry) throws Exception {
      if (run.size() == 0 || entry.discontinuity()) {
        finishRun();
        byte[] init = fetch(entry.map());
        run.write(init);
        ByteBuf beginning = Unpooled.wrappedBuffer(init);
        media.begin(beginning);
      }
      byte[] segment = fetch(entry.uri());
      MediaChecker.Content content = media.check(Unpooled.wrappedBuffer(segment));
      assertThat(content.seconds()).isCloseTo(entry.seconds(), offset(0.001));
      run.write(segment);
    }

    private void finishRun() {
      if (run.size() > 0) {
        files.add(run.toByteArray());
        run.reset();
      }
    }

    private byte[] fetch(String name) throws Exception {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(URI.create(base + name)).build(), BodyHandlers.ofByteArray());
      assertThat(response.statusCode()).as(name).isEqualTo(200);
      return response.body();
    }
  }
}
