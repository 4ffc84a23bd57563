package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import manycast.media.testing.ModernFfmpeg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Media that really has a fault, published by a real ffmpeg: the warning that it calls for comes,
 * and no other.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class WarningsIT {
  private static final Duration SOON = Duration.ofSeconds(45);

  /** Whole groups of pictures of either length; it is published over and over. */
  private static final int SECONDS = 12;

  /** What is well unless a fault says otherwise. */
  private static final Map<String, String> GOOD =
      Map.of(
          "video", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 600k",
          "group", "-g 50 -keyint_min 50 -sc_threshold 0",
          "sound", "-c:a aac -b:a 96k -ar 48000",
          "pace", "-re",
          "times", "-c copy");

  @TempDir static Path folder;

  private final Product product = Product.shared();
  private final Api api = product.api();
  private final List<String> streams = new ArrayList<>();
  private final List<Process> encoders = new ArrayList<>();

  /**
   * What is published, to which platform, and what has to be said of it.
   *
   * @param changed what is not {@link #GOOD}
   */
  private record Faulty(
      String name, String platform, Map<String, String> changed, String code, String words) {

    /** The file of those that are encoded alike. */
    private Path clip() {
      boolean encoded = List.of("video", "group", "sound").stream().anyMatch(changed::containsKey);
      return folder.resolve((encoded ? name : "good") + ".flv");
    }

    private List<String> options(String part) {
      return List.of(changed.getOrDefault(part, Objects.requireNonNull(GOOD.get(part))).split(" "));
    }
  }

  private static final List<Faulty> ALL =
      List.of(
          new Faulty(
              "four",
              "twitch",
              Map.of("group", "-g 100 -keyint_min 100 -sc_threshold 0"),
              "keyframe_interval",
              "Keyframe Interval: 2 s"),
          new Faulty(
              "hevc",
              "kick",
              Map.of(
                  "video",
                  "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -b:v 600k -x265-params"
                      + " log-level=none"),
              "video_codec",
              "cannot take HEVC"),
          new Faulty("silent", "facebook", Map.of("sound", "-an"), "no_audio", "refuses that"),
          new Faulty(
              "heavy",
              "twitch",
              Map.of(
                  "video",
                  "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 8M -minrate 8M -maxrate 8M"
                      + " -bufsize 4M -x264-params nal-hrd=cbr"),
              "bitrate_high",
              "Bitrate: 6000 Kbps"),
          new Faulty(
              "fine-sound",
              "youtube",
              Map.of("sound", "-c:a aac -b:a 96k -ar 96000"),
              "sample_rate",
              "Sample Rate: 48 kHz"),
          new Faulty(
              "colourful",
              "twitch",
              Map.of("video", "-c:v libx264 -preset ultrafast -pix_fmt yuv444p -b:v 600k"),
              "video_profile",
              "Color Format: NV12"),
          new Faulty(
              "demanding",
              "facebook",
              Map.of(
                  "video",
                  "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 600k -level:v 5.2"),
              "video_level",
              "level=4.1"),
          new Faulty(
              "hasty", "twitch", Map.of("pace", "-readrate 3"), "time_fast", "-re before each -i"),
          // Sound whose clock is three per cent fast, sent as it comes and not sorted by time.
          new Faulty(
              "drifting",
              "twitch",
              Map.of("times", "-c copy -bsf:a setts=ts=TS*1.03 -max_interleave_delta 1"),
              "av_drift",
              "ahead of the picture"),
          // In one second of five there is so much to see that a constant quality needs many bits.
          new Faulty(
              "uneven",
              "picarto",
              Map.of(
                  "video",
                  "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -qp 20"
                      + " -vf noise=alls=80:allf=t:enable='lt(mod(t,5),1)'"),
              "bitrate_uneven",
              "Rate Control: CBR"),
          // An encoder that skips every tenth picture.
          new Faulty(
              "skipping",
              "twitch",
              Map.of(
                  "video",
                  "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 600k"
                      + " -vf select='not(eq(mod(n,10),5))' -fps_mode passthrough",
                  "group",
                  "-g 45 -keyint_min 45 -sc_threshold 0"),
              "frame_rate_unstable",
              "10 % of the last pictures are missing"),
          new Faulty(
              "unlike", "youtube", Map.of("backup", "another-key"), "backup_differs", "Stream key"),
          new Faulty("good", "twitch", Map.of(), "", ""));

  @Test
  void eachFaultOfRealMediaIsWarnedOfWithTheSettingAndGoodMediaIsNot() throws Exception {
    try {
      ModernFfmpeg ffmpeg = ModernFfmpeg.unpack(Files.createDirectory(folder.resolve("ffmpeg")));
      Map<Faulty, String> ids = new HashMap<>();
      for (Faulty faulty : ALL) {
        if (!Files.exists(faulty.clip())) {
          makeClip(ffmpeg, faulty);
        }
      }
      for (Faulty faulty : ALL) {
        ids.put(faulty, publish(ffmpeg, faulty));
      }
      for (Faulty faulty : ALL) {
        JsonNode ingest =
            Until.satisfied(
                faulty.name() + ": " + faulty.code(),
                SOON,
                () -> live(Objects.requireNonNull(ids.get(faulty))).get("ingest"),
                // Before so much has come some rules hold their peace.
                told ->
                    told.get("uptimeMs").asLong() > 6_000 && codes(told).contains(faulty.code())
                        || faulty.code().isEmpty() && told.get("uptimeMs").asLong() > 21_000);
        assertThat(codes(ingest))
            .as("%s: %s", faulty.name(), ingest)
            .containsExactlyElementsOf(
                faulty.code().isEmpty() ? List.of() : List.of(faulty.code()));
        assertThat(ingest.get("warnings").toString()).contains(faulty.words());
      }
      JsonNode refused =
          live(Objects.requireNonNull(ids.get(ALL.get(1)))).get("destinations").get(0);
      assertThat(refused.get("lastErrorCode").asString()).isEqualTo("incompatible_codec");
      assertThat(refused.get("permanent").asBoolean()).isTrue();
      usedKeyIsWarnedOf(ffmpeg);
    } finally {
      encoders.forEach(Process::destroyForcibly);
      streams.forEach(id -> api.delete("/streams/" + id));
    }
  }

  /** Of a platform that gives a key for each broadcast, and has had one with it. */
  private void usedKeyIsWarnedOf(ModernFfmpeg ffmpeg) throws IOException, InterruptedException {
    Faulty good = ALL.getLast();
    try (var recorder = new Recorder()) {
      JsonNode stream = api.post("/streams", Map.of("name", "used key")).expect(201);
      String id = stream.get("id").asString();
      streams.add(id);
      String place = addPlace(id, "linkedin", recorder.url(), "for-this-event");
      Process first = start(ffmpeg, good, stream);
      awaitState(id, "live");
      Until.satisfied(
          "the first broadcast is taken",
          SOON,
          () -> live(id).get("destinations").get(0).get("framesSent").asLong(),
          frames -> frames > 0);
      assertThat(codes(live(id).get("ingest"))).doesNotContain("key_age");
      first.destroy();
      awaitState(id, "idle");

      api.patch(
              "/destinations/" + place, Map.of("url", "rtmps://127.0.0.1:" + Ports.free() + "/app"))
          .expect(200);
      start(ffmpeg, good, stream);
      awaitState(id, "live");
      JsonNode ingest =
          Until.satisfied(
              "a warning", SOON, () -> live(id).get("ingest"), told -> !codes(told).isEmpty());
      assertThat(codes(ingest)).containsExactly("key_age");
      assertThat(ingest.get("warnings").toString())
          .contains("LinkedIn gives one for each", "Edit → Stream key");
    }
  }

  private void awaitState(String stream, String state) {
    Until.satisfied(
        "stream " + state,
        SOON,
        () -> api.get("/streams/" + stream).expect(200).get("state").asString(),
        state::equals);
  }

  private JsonNode live(String stream) {
    return api.get("/streams/" + stream + "/live").expect(200);
  }

  private static TreeSet<String> codes(JsonNode ingest) {
    var codes = new TreeSet<String>();
    ingest.get("warnings").forEach(warning -> codes.add(warning.get("code").asString()));
    return codes;
  }

  private static void makeClip(ModernFfmpeg ffmpeg, Faulty faulty)
      throws IOException, InterruptedException {
    var arguments =
        new ArrayList<>(
            List.of(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=320x180:rate=25",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:sample_rate=48000",
                "-t",
                String.valueOf(SECONDS)));
    for (String part : List.of("video", "group", "sound")) {
      arguments.addAll(faulty.options(part));
    }
    arguments.addAll(List.of("-ac", "2", "-f", "flv", faulty.clip().toString()));
    ffmpeg.run(folder.resolve(faulty.name() + ".made.log"), arguments.toArray(String[]::new));
  }

  /** A stream of its own with one destination of the platform, which nobody listens at. */
  private String publish(ModernFfmpeg ffmpeg, Faulty faulty) throws IOException {
    JsonNode stream = api.post("/streams", Map.of("name", faulty.name())).expect(201);
    String id = stream.get("id").asString();
    streams.add(id);
    addPlace(id, faulty.platform(), "rtmps://127.0.0.1:" + Ports.free() + "/app", "k");
    String backupKey = faulty.changed().get("backup");
    if (backupKey != null) {
      addPlace(
          id,
          faulty.platform() + "-backup",
          "rtmps://127.0.0.1:" + Ports.free() + "/app?backup=1",
          backupKey);
    }
    start(ffmpeg, faulty, stream);
    return id;
  }

  private String addPlace(String stream, String platform, String url, String key) {
    return api.post(
            "/streams/" + stream + "/destinations",
            Map.of("name", platform, "platform", platform, "url", url, "streamKey", key))
        .expect(201)
        .get("id")
        .asString();
  }

  private Process start(ModernFfmpeg ffmpeg, Faulty faulty, JsonNode stream) throws IOException {
    var arguments = new ArrayList<>(faulty.options("pace"));
    arguments.addAll(List.of("-stream_loop", "-1", "-i", faulty.clip().toString()));
    arguments.addAll(faulty.options("times"));
    arguments.addAll(
        List.of("-f", "flv", product.publishUrl(stream.get("ingest").get("streamKey").asString())));
    Process encoder = ffmpeg.start(folder.resolve(faulty.name() + ".log"), arguments);
    encoders.add(encoder);
    return encoder;
  }
}
