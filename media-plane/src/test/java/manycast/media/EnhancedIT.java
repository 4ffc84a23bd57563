package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import manycast.db.identity.ProcessIdentity;
import manycast.db.testing.TestDatabase;
import manycast.media.hls.StrictPlayer;
import manycast.media.testing.ModernFfmpeg;
import manycast.media.testing.Rows;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Enhanced RTMP by a real ffmpeg at both ends: every access unit arrives and decodes without an
 * error where it is taken and where it is watched, and nothing is connected to where it is not
 * taken.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EnhancedIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  /** Of two seconds, in the first and the second track. */
  private static final List<Long> PICTURES = List.of(50L, 20L);

  @TempDir static Path folder;
  private static ModernFfmpeg ffmpeg;
  private static TestDatabase database;
  private static ProcessIdentity control;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    ffmpeg = ModernFfmpeg.unpack(Files.createDirectory(folder.resolve("ffmpeg")));
    database = TestDatabase.create();
    control = ProcessIdentity.generate();
    try (Connection connection = database.control()) {
      control.register(connection);
    }
    node = new TestNode(database);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource({
    "libx265 -preset ultrafast -x265-params log-level=none, aac, libopus, '0', HEVC, hevc, aac",
    "libx265 -preset ultrafast -x265-params log-level=none, aac, libopus, '1', HEVC, hevc, aac",
    "libaom-av1 -cpu-used 8, libopus, '', '', AV1, av1, opus",
    "libvpx-vp9 -deadline realtime -cpu-used 8, flac, '', '', VP9, vp9, ''",
    "libx264 -preset ultrafast, ac3, '', '', AC-3, h264, ''",
    "libx264 -preset ultrafast, eac3, '', '', E-AC-3, h264, ''",
    "libx264 -preset ultrafast, libmp3lame, '', '', MP3, h264, ''"
  })
  void arrivesWholeWhereItIsTakenAndNowhereElseAndIsWatched(
      String video,
      String audio,
      String secondAudio,
      String track,
      String refused,
      String watchedVideo,
      String watchedAudio)
      throws Exception {
    Path clip = clip(video, audio, "", secondAudio);
    String key = "key-" + UUID.randomUUID();
    Rows rows = node.another(key);
    Path received = folder.resolve(key + ".mkv");
    int port = freePort();
    Process taking = take(port, received);
    try (RtmpSink kick = RtmpSink.open(Behaviour.ACCEPT);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newHttpClient()) {
      Until.isTrue(SOON, "it listens", () -> isListening(port));
      UUID open = rows.addDestination("open", "rtmp://127.0.0.1:" + port + "/live", "in");
      if (!track.isEmpty()) {
        rows.changeDestination(open, "video_track = 0, audio_track = " + track);
      }
      UUID strict = rows.addDestination("strict", kick.url(), "k");
      rows.changeDestination(strict, "platform = 'kick'");

      Path said = folder.resolve(key + ".out.log");
      Process encoder = publish(clip, key, said);
      StrictPlayer player = player(rows, client);
      Future<?> watching =
          threads.submit(
              () -> {
                player.watch();
                return null;
              });
      Until.isTrue(
          SOON, "it is refused for good", () -> state(rows, strict).startsWith("failed t"));
      assertThat(state(rows, strict)).contains("incompatible_codec", "sends " + refused + ";");
      assertThat(encoder.waitFor()).isZero();
      assertThat(Files.readString(said)).isEmpty();
      assertThat(taking.waitFor(15, TimeUnit.SECONDS)).as("the destination has ended").isTrue();

      Map<String, Long> sent = packets(clip);
      if (!secondAudio.isEmpty()) {
        sent.remove(track.equals("0") ? "2" : "1");
      }
      assertThat(packets(received).values()).containsExactlyInAnyOrderElementsOf(sent.values());
      ffmpeg.run(folder.resolve(key + ".decode.log"), "-i", received.toString(), "-f", "null", "-");
      assertThat(kick.visits()).isEmpty();
      watching.get(15, TimeUnit.SECONDS);
      assertThatItDecodes(player, watchedVideo, watchedAudio);
    } finally {
      taking.destroyForcibly();
    }
  }

  @Test
  void ofTwoPicturesEachDestinationGetsTheOneThatItNames() throws Exception {
    Path clip =
        clip(
            "libx264 -preset ultrafast",
            "aac",
            "libx265 -preset ultrafast -x265-params log-level=none",
            "");
    String key = "key-" + UUID.randomUUID();
    Rows rows = node.another(key);
    List<Path> received = new ArrayList<>();
    List<Process> taking = new ArrayList<>();
    try {
      for (String track : List.of("0", "1")) {
        int port = freePort();
        Path file = folder.resolve(key + track + ".mkv");
        received.add(file);
        taking.add(take(port, file));
        Until.isTrue(SOON, "it listens", () -> isListening(port));
        UUID destination =
            rows.addDestination("track " + track, "rtmp://127.0.0.1:" + port + "/live", "in");
        rows.changeDestination(destination, "audio_track = 0, video_track = " + track);
      }
      Path said = folder.resolve(key + ".out.log");
      assertThat(publish(clip, key, said).waitFor()).isZero();
      assertThat(Files.readString(said)).isEmpty();
      for (int track = 0; track < 2; track++) {
        assertThat(taking.get(track).waitFor(15, TimeUnit.SECONDS)).as("it has ended").isTrue();
        assertThat(packets(received.get(track)).values())
            .as("the pictures of track " + track + ", and two seconds of sound")
            .hasSize(2)
            .contains(PICTURES.get(track))
            .anyMatch(sounds -> sounds > 90);
        ffmpeg.run(
            folder.resolve(key + ".decode.log"),
            "-i",
            received.get(track).toString(),
            // The metadata names one frame rate, whichever picture a destination gets.
            "-enc_time_base:v",
            "demux",
            "-fps_mode",
            "passthrough",
            "-f",
            "null",
            "-");
      }
    } finally {
      taking.forEach(Process::destroyForcibly);
    }
  }

  /** Somebody who watches the stream's broadcast, which is there in a moment. */
  private static StrictPlayer player(Rows rows, HttpClient client) {
    UUID broadcast =
        Until.there(
                SOON,
                "the broadcast",
                () ->
                    node.plane().broadcasts().live().stream()
                        .filter(live -> live.claim().streamId().equals(rows.stream()))
                        .findFirst()
                        .orElse(null),
                () -> "")
            .claim()
            .broadcastId();
    return new StrictPlayer(
        "http://localhost:%d/hls/%s/".formatted(node.plane().publicPort(), broadcast),
        control.mintViewerToken(broadcast, Duration.ofMinutes(1)),
        client);
  }

  /** What was watched is in one piece, of these codecs, and decodes without an error. */
  private static void assertThatItDecodes(StrictPlayer player, String video, String audio)
      throws Exception {
    assertThat(player.playlists().emptyPromises()).isEmpty();
    assertThat(player.runs()).hasSize(1);
    Path film = folder.resolve("watched.mp4");
    Path list = folder.resolve("watched.txt");
    Files.write(film, player.runs().getFirst());
    ffmpeg.run(
        folder.resolve("watched.log"),
        "-xerror",
        "-err_detect",
        "explode",
        "-i",
        film.toString(),
        "-map",
        "0",
        "-fps_mode",
        "passthrough",
        "-f",
        "framecrc",
        list.toString());
    Map<String, Long> frames =
        Files.readAllLines(list).stream()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.groupingBy(line -> line.split(",", -1)[0], Collectors.counting()));
    // It began to watch at the newest keyframe, a second of pictures at most after the first.
    assertThat(frames.get("0")).isBetween(PICTURES.getFirst() - 25, PICTURES.getFirst());
    assertThat(frames).hasSize(audio.isEmpty() ? 1 : 2);
    assertThat(ffmpeg.describe(film))
        .contains("Video: " + video)
        .contains(audio.isEmpty() ? "" : "Audio: " + audio);
  }

  /** A server for one publisher that records what it gets. */
  private static Process take(int port, Path file) throws IOException {
    return ffmpeg.start(
        Path.of(file + ".in.log"),
        List.of(
            "-listen",
            "1",
            "-f",
            "flv",
            "-i",
            "rtmp://127.0.0.1:" + port + "/live/in",
            "-map",
            "0",
            "-c",
            "copy",
            file.toString()));
  }

  /** Publishes every track of a file, in real time; what it complains of goes to {@code said}. */
  private static Process publish(Path clip, String key, Path said) throws IOException {
    return ffmpeg.start(
        said,
        List.of(
            "-re",
            "-i",
            clip.toString(),
            "-map",
            "0",
            "-c",
            "copy",
            "-f",
            "flv",
            "rtmp://127.0.0.1:" + node.rtmpPort() + "/live/" + key));
  }

  private static String state(Rows rows, UUID destination) {
    try {
      List<String> states =
          rows.texts(
              "select concat_ws(' ', state, permanent, last_error_code, last_error) from relay"
                  + " where destination_id = ?",
              destination);
      return states.isEmpty() ? "" : states.getFirst();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Two seconds; a second picture comes ten times a second, the first one 25 times. */
  private static Path clip(String video, String audio, String secondVideo, String secondAudio)
      throws Exception {
    Path file = Files.createTempFile(folder, "clip", ".mkv");
    List<String> line =
        new ArrayList<>(
            List.of(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=160x90:rate=25",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:sample_rate=48000",
                "-t",
                "2",
                "-map",
                "0"));
    if (!secondVideo.isEmpty()) {
      line.addAll(List.of("-map", "0", "-filter:v:1", "fps=10"));
    }
    line.addAll(List.of("-map", "1"));
    if (!secondAudio.isEmpty()) {
      line.addAll(List.of("-map", "1", "-c:a:1", secondAudio));
    }
    line.addAll(List.of("-g", "25", "-pix_fmt", "yuv420p", "-c:a:0", audio, "-c:v:0"));
    line.addAll(List.of(video.split(" ", -1)));
    if (!secondVideo.isEmpty()) {
      line.add("-c:v:1");
      line.addAll(List.of(secondVideo.split(" ", -1)));
    }
    line.add(file.toString());
    ffmpeg.run(folder.resolve("clip.log"), line.toArray(String[]::new));
    return file;
  }

  /**
   * How many packets each stream of a file has, by the stream's number; without the sound before
   * its first picture, because a destination's begins with that.
   */
  private static Map<String, Long> packets(Path file) throws Exception {
    Path list = folder.resolve("packets.txt");
    ffmpeg.run(
        folder.resolve("packets.log"),
        "-i",
        file.toString(),
        "-map",
        "0",
        "-c",
        "copy",
        "-f",
        "framecrc",
        list.toString());
    Map<String, Long> counts = new TreeMap<>();
    List<String[]> lines =
        Files.readAllLines(list).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split(", *", -1))
            .toList();
    String picture = pictures(list);
    long start =
        lines.stream()
            .filter(line -> line[0].equals(picture))
            .mapToLong(line -> Long.parseLong(line[1]))
            .min()
            .orElseThrow();
    for (String[] line : lines) {
      if (Long.parseLong(line[1]) >= start) {
        counts.merge(line[0], 1L, Long::sum);
      }
    }
    return counts;
  }

  /** The number of the stream of pictures, from the list's head. */
  private static String pictures(Path list) throws IOException {
    return Files.readAllLines(list).stream()
        .filter(line -> line.startsWith("#media_type") && line.endsWith("video"))
        .map(line -> line.substring("#media_type ".length(), line.indexOf(':')))
        .findFirst()
        .orElseThrow();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Without connecting: the one that listens takes the first who comes. */
  private static boolean isListening(int port) {
    try {
      String wanted = ":%04X".formatted(port);
      return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
          .map(line -> line.strip().split("\\s+", -1))
          .anyMatch(line -> line.length > 3 && line[1].endsWith(wanted) && line[3].equals("0A"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
