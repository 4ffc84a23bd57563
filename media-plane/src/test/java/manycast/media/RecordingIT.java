package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import manycast.db.testing.TestDatabase;
import manycast.media.settings.Secret;
import manycast.media.settings.Store;
import manycast.media.store.S3Server;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broadcast whose segments are kept in an S3, which is away for a while. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RecordingIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir static Path folder;
  private static Clip clip;
  private static TestDatabase database;

  @BeforeAll
  static void makeClip() throws Exception {
    clip = Clip.make(folder, 5);
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @Test
  void everyPictureIsKeptThoughTheStoreWasAwayAndTheNodeStopsInTheMiddle() throws Exception {
    try (S3Server s3 = new S3Server()) {
      TestNode node =
          new TestNode(
              database,
              new Store.Bucket(
                  s3.endpoint(),
                  S3Server.BUCKET,
                  "",
                  S3Server.REGION,
                  S3Server.KEY_ID,
                  new Secret(S3Server.SECRET)));
      List<Clip.Tag> tags = clip.tags();
      try (node;
          Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(tags.subList(0, tags.size() / 2));
        s3.kill();
        encoder.sendInRealTime(tags.subList(tags.size() / 2, tags.size()));
        s3.restart();
        Until.isTrue(SOON, "the encoder's last words are heard", () -> heard(node));
      }
      assertThat(node.plane().memory().held()).isZero();
      assertThat(s3.refused()).isZero();

      Map<String, byte[]> objects = s3.objects();
      String playlist =
          objects.keySet().stream().filter(name -> name.endsWith("m3u8")).findFirst().orElseThrow();
      String text = new String(objects.get(playlist), StandardCharsets.UTF_8);
      assertThat(text).endsWith("#EXT-X-ENDLIST\n").doesNotContain("DISCONTINUITY");
      String base = playlist.substring(0, playlist.lastIndexOf('/') + 1);
      ByteArrayOutputStream film = new ByteArrayOutputStream();
      film.write(objects.get(base + "init-0.mp4"));
      for (String line : text.lines().filter(line -> line.endsWith(".m4s")).toList()) {
        film.write(objects.get(base + line));
      }
      assertThat(decode(folder.resolve("film.mp4"), film.toByteArray()))
          .isEqualTo(clip.media(9).size());
    }
  }

  private static boolean heard(TestNode node) {
    return node.plane().broadcasts().live().stream()
        .allMatch(
            broadcast ->
                broadcast
                        .loop()
                        .submit(() -> broadcast.log().lastMsOfTrack()[0])
                        .syncUninterruptibly()
                        .getNow()
                    >= clip.media(9).getLast().timestampMs());
  }

  /** How many pictures ffmpeg makes of a file, which must give it nothing to complain of. */
  static int decode(Path file, byte[] bytes) throws Exception {
    Files.write(file, bytes);
    Path said = file.resolveSibling(file.getFileName() + ".said");
    Process ffmpeg =
        new ProcessBuilder(
                "ffmpeg",
                "-v",
                "error",
                "-xerror",
                "-err_detect",
                "explode",
                "-i",
                file.toString(),
                "-map",
                "0",
                "-f",
                "framecrc",
                "-")
            .redirectError(said.toFile())
            .start();
    String frames = new String(ffmpeg.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(ffmpeg.waitFor()).isZero();
    assertThat(said).isEmptyFile();
    return (int) frames.lines().filter(line -> line.startsWith("0,")).count();
  }
}
