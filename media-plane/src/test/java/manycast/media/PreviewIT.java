package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import manycast.db.identity.ProcessIdentity;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.hls.PlaylistChecker;
import manycast.media.hls.StrictPlayer;
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

  private static final long SEED = Long.getLong("manycast.seed", 1);

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

  /** With {@code -Dmanycast.minutes=N} for N minutes more. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aStrictPlayerGetsEveryPictureThroughResumeConfigChangeAndEnd() {
    Duration more = Duration.ofMinutes(Long.getLong("manycast.minutes", 0));
    assertTimeoutPreemptively(more.plusSeconds(60), () -> aStrictPlayerGetsEveryPicture(more));
  }

  /**
   * Through an encoder that comes back, other pictures, more of either as chance has it, and the
   * end.
   *
   * @param more how much longer it watches than it takes to see everything once
   */
  private static void aStrictPlayerGetsEveryPicture(Duration more) throws Exception {
    TestNode node = new TestNode(database);
    try (node;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Show show = new Show(node)) {
      show.goesOn(40);
      StrictPlayer player = new StrictPlayer(base(node), token(broadcast(node)), client());
      Future<?> watching =
          threads.submit(
              () -> {
                player.watch();
                return null;
              });
      show.goesOn(clip.tags().size() / 2);
      show.comesBack();
      show.hasOtherPictures();
      Random chance = new Random(SEED);
      long end = System.nanoTime() + more.toNanos();
      while (System.nanoTime() < end && !watching.isDone()) {
        switch (chance.nextInt(4)) {
          case 0 -> show.comesBack();
          case 1 -> show.hasOtherPictures();
          default -> show.goesOn(30 + chance.nextInt(clip.tags().size()));
        }
      }
      show.ends();
      watching.get(20, TimeUnit.SECONDS);

      assertThat(player.playlists().versions()).isGreaterThan(8);
      assertThat(player.playlists().emptyPromises()).isEmpty();
      assertThat(player.playlists().all().stream().filter(PlaylistChecker.Entry::discontinuity))
          .as("one for each encoder that came back, one for other pictures each time")
          .hasSize(show.breaks);
      List<byte[]> runs = player.runs();
      assertThat(runs).hasSize(show.breaks + 1);
      int pictures = 0;
      for (int i = 0; i < runs.size(); i++) {
        pictures += RecordingIT.decode(folder.resolve("run-" + i + ".mp4"), runs.get(i));
      }
      // It began to watch at the newest keyframe, a second of pictures at most after the first.
      assertThat(pictures).isBetween(show.pictures - 30, show.pictures);
      byte[] whole = runs.getLast();
      byte[] truncated = Arrays.copyOf(whole, whole.length - 1000);
      assertThatThrownBy(() -> RecordingIT.decode(folder.resolve("truncated.mp4"), truncated))
          .as("the decoder is strict enough to notice")
          .isInstanceOf(AssertionError.class);
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
      assertThat(status(base + "1-1.m4s", "GET")).isEqualTo(401);
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

      String metrics =
          get("http://localhost:%d/metrics".formatted(node.plane().internalPort())).body();
      assertThat(metrics)
          .contains("manycast_previews_watched 1.0")
          .contains("manycast_preview_answers_total{kind=\"playlist\"} 2.0")
          .contains("manycast_preview_answers_total{kind=\"still\"} 2.0")
          .contains("manycast_preview_answers_total{kind=\"segment\"} 0.0")
          .doesNotContain("manycast_preview_bytes 0.0")
          .doesNotContain("manycast_preview_bytes_sent_total 0.0");
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
    return (int) tags.stream().filter(tag -> tag.type() == FlvTag.VIDEO && tag.isMedia()).count();
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

  /** An encoder that tells its broadcast on, and what it has sent so far. */
  private static final class Show implements AutoCloseable {
    private static final int PICTURE_MS = 33;

    private final int port;
    private Encoder encoder;
    private Clip playing = clip;
    private int at;
    private long shiftMs;
    private int pictures;
    private int breaks;

    Show(TestNode node) throws IOException {
      port = node.rtmpPort();
      encoder = Encoder.accepted(port, TestNode.KEY);
    }

    /** So many tags more, from the clip's begin again after its end. */
    void goesOn(int count) throws Exception {
      for (int left = count; left > 0; ) {
        List<Clip.Tag> tags = tags();
        List<Clip.Tag> next = tags.subList(at, Math.min(tags.size(), at + left));
        encoder.sendInRealTime(next, shiftMs);
        pictures += pictures(next);
        left -= next.size();
        at += next.size();
        if (at == tags.size()) {
          shiftMs += tags.getLast().timestampMs() + PICTURE_MS;
          at = 0;
        }
      }
    }

    /** Its connection breaks, and it begins anew. */
    void comesBack() throws Exception {
      encoder.close();
      encoder = Encoder.accepted(port, TestNode.KEY);
      at = 0;
      shiftMs = 0;
      breaks++;
      goesOn(tags().size() / 2);
    }

    /** From now on its pictures are of another size. */
    void hasOtherPictures() throws Exception {
      shiftMs += at == 0 ? 0 : tags().get(at - 1).timestampMs() + PICTURE_MS;
      playing = playing == clip ? larger : clip;
      at = 0;
      breaks++;
      goesOn(tags().size());
    }

    /** Without the end of sequence, which nothing may follow. */
    private List<Clip.Tag> tags() {
      return playing.tags().stream()
          .filter(tag -> tag.type() != FlvTag.VIDEO || tag.isConfig() || tag.isMedia())
          .toList();
    }

    void ends() throws IOException {
      encoder.goodbye();
    }

    @Override
    public void close() throws IOException {
      encoder.close();
    }
  }
}
