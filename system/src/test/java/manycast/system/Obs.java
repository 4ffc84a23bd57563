package manycast.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real OBS on a screen that nobody sees, with a prepared profile: 640×360 at 30 pictures a
 * second, x264 at a constant {@value #VIDEO_KBITS} kbit/s, AAC. Owns its processes and its home.
 */
final class Obs implements AutoCloseable {
  /** So much that a network that is cut is noticed before the kernel's buffers have taken all. */
  static final int VIDEO_KBITS = 2_500;

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path home;
  private final Process screen;
  private final Process obs;
  private final ObsSocket socket;

  private Obs(String server, String key) throws IOException {
    this.home = Files.createTempDirectory("manycast-obs");
    int port = Ports.free();
    prepare(server, key, port);
    Files.createDirectory(
        home.resolve("run"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path display = home.resolve("display");
    // It chooses a free number itself and writes it to the file descriptor that is named.
    this.screen =
        spawn(
            List.of(
                "sh",
                "-c",
                "exec Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>" + display),
            "screen.log",
            Map.of());
    Process started = null;
    try {
      String number =
          Until.satisfied(
              "a screen", SOON, () -> Files.readString(display).strip(), text -> !text.isEmpty());
      started = spawn(command(), "obs.log", environment(number));
      Process running = started;
      this.obs = running;
      this.socket =
          Until.satisfied(
              "the remote control of OBS answers",
              START,
              () -> {
                if (!running.isAlive()) {
                  throw new IllegalStateException("OBS ended with " + running.exitValue());
                }
                return new ObsSocket(port);
              },
              _ -> true);
    } catch (AssertionError e) {
      screen.destroyForcibly();
      if (started != null) {
        started.destroyForcibly();
      }
      throw new AssertionError("OBS said:\n" + Files.readString(home.resolve("obs.log")), e);
    }
  }

  /** Starts OBS, set up to publish there; it does not publish yet. */
  static Obs open(String server, String key) {
    try {
      return new Obs(server, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command() {
    return List.of(
        "obs",
        "--multi",
        "--disable-updater",
        "--disable-missing-files-check",
        "--profile",
        "P",
        "--collection",
        "C",
        "--scene",
        "S");
  }

  private Map<String, String> environment(String display) {
    return Map.of(
        "DISPLAY",
        ":" + display,
        "LIBGL_ALWAYS_SOFTWARE",
        "1",
        "GALLIUM_DRIVER",
        "llvmpipe",
        "LP_NUM_THREADS",
        "1",
        "QT_QPA_PLATFORM",
        "xcb",
        "HOME",
        home.toString(),
        "XDG_CONFIG_HOME",
        home.resolve(".config").toString(),
        "XDG_RUNTIME_DIR",
        home.resolve("run").toString());
  }

  private Process spawn(List<String> line, String log, Map<String, String> environment)
      throws IOException {
    File output = home.resolve(log).toFile();
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void prepare(String server, String key, int port) throws IOException {
    Path config = home.resolve(".config/obs-studio");
    Path profile = config.resolve("basic/profiles/P");
    Path scenes = config.resolve("basic/scenes");
    Files.createDirectories(profile);
    Files.createDirectories(scenes);
    Files.writeString(
        config.resolve("global.ini"),
        """
        [General]
        FirstRun=true
        LastVersion=486539266
        EnableAutoUpdates=false
        ConfirmOnExit=false
        [Basic]
        Profile=P
        ProfileDir=P
        SceneCollection=C
        SceneCollectionFile=C
        [BasicWindow]
        PreviewEnabled=false
        WarnBeforeStartingStream=false
        WarnBeforeStoppingStream=false
        [OBSWebSocket]
        FirstLoad=false
        ServerEnabled=true
        ServerPort=%d
        AuthRequired=false
        AlertsEnabled=false
        """
            .formatted(port));
    Files.writeString(
        profile.resolve("basic.ini"),
        """
        [General]
        Name=P
        [Output]
        Mode=Advanced
        Reconnect=true
        RetryDelay=2
        MaxRetries=25
        [AdvOut]
        Encoder=obs_x264
        TrackIndex=1
        Track1Bitrate=128
        [Video]
        BaseCX=640
        BaseCY=360
        OutputCX=640
        OutputCY=360
        FPSType=0
        FPSCommon=30
        [Audio]
        SampleRate=48000
        ChannelSetup=Stereo
        """);
    Files.writeString(
        profile.resolve("service.json"),
        JSON.writeValueAsString(
            Map.of(
                "type",
                "rtmp_custom",
                "settings",
                Map.of("server", server, "key", key, "use_auth", false))));
    Files.writeString(
        profile.resolve("streamEncoder.json"),
        JSON.writeValueAsString(
            Map.of(
                "bitrate",
                VIDEO_KBITS,
                "keyint_sec",
                2,
                "preset",
                "veryfast",
                "profile",
                "high",
                "rate_control",
                "CBR",
                "x264opts",
                "threads=1")));
    Files.writeString(
        scenes.resolve("C.json"),
        """
        {"name": "C", "current_scene": "S", "current_program_scene": "S",
         "scene_order": [{"name": "S"}],
         "sources": [
           {"id": "color_source", "versioned_id": "color_source_v3", "name": "colour",
            "settings": {"color": 4291454784, "width": 640, "height": 360}},
           {"id": "scene", "versioned_id": "scene", "name": "S",
            "settings": {"id_counter": 1, "items": [{"id": 1, "name": "colour", "visible": true}]}}]}
        """);
  }

  /** Presses the button that begins to stream. */
  void startStreaming() {
    socket.request("StartStream");
  }

  /** Presses the button that ends the stream, and waits until OBS has let go of the server. */
  void stopStreaming() {
    socket.request("StopStream");
    Until.isTrue("OBS has stopped", SOON, () -> !status().get("outputActive").asBoolean());
  }

  /** What OBS itself says about its stream: {@code outputActive}, {@code outputReconnecting} … */
  JsonNode status() {
    return socket.request("GetStreamStatus");
  }

  /** OBS's own log of this run. */
  String log() {
    try (var logs = Files.list(home.resolve(".config/obs-studio/logs"))) {
      return Files.readString(logs.findFirst().orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as SIGKILL does: nothing is said to anybody. */
  void kill() {
    obs.destroyForcibly();
    obs.onExit().join();
  }

  /**
   * Ends both processes by force. OBS is not asked to quit: it now and then hangs in that, and what
   * it says to the server it has said before.
   */
  @Override
  public void close() {
    socket.close();
    kill();
    screen.destroyForcibly();
    screen.onExit().join();
    keepLogs();
    try (var paths = Files.walk(home)) {
      paths.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What OBS said of this run is all there is to read where a case fails. */
  private void keepLogs() {
    Path kept = Path.of("target", "obs", home.getFileName().toString());
    try (var logs = Files.walk(home.resolve(".config/obs-studio/logs"))) {
      Files.createDirectories(kept);
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        Files.copy(log, kept.resolve(log.getFileName()));
      }
    } catch (IOException e) {
      // Without a log there is nothing to keep.
    }
  }
}
