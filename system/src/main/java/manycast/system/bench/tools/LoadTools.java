package manycast.system.bench.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import manycast.system.bench.host.Cores;
import manycast.system.bench.load.Load;

/**
 * The tools of one kind. Our own take rtmpload's words and answer in its JSON, so that either can
 * take the other's place.
 *
 * @param name for the report
 * @param program the words that each command begins with
 * @param clip what publishers send
 * @param compile whether they are slow until they have run for a while
 * @param planted words that make the publisher do wrong, to be noticed
 */
public record LoadTools(
    String name,
    List<String> program,
    Path clip,
    Cores cores,
    boolean compile,
    List<String> planted) {
  /** The chunk size that OBS sends with. */
  private static final String PUBLISHER_CHUNK = "4096";

  /** rtmpload, built in a folder, with its clip. */
  public static LoadTools rtmpload(Path folder, Cores cores) throws IOException {
    Path program = folder.resolve("rtmpload");
    Path clip = folder.resolve("media").resolve("bench.flv");
    for (Path needed : List.of(program, clip)) {
      if (!Files.isReadable(needed)) {
        throw new IOException(
            "%s is missing: build rtmpload with `make` and its clip with `make -C media`"
                .formatted(needed));
      }
    }
    return new LoadTools("rtmpload", List.of(program.toString()), clip, cores, false, List.of());
  }

  /**
   * Our own, from this process's class path.
   *
   * @param leaveOut every how manieth picture the publisher leaves out, to be noticed; 0 for none
   */
  public static LoadTools ours(Path clip, Cores cores, int leaveOut) {
    List<String> program =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx384m",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Load.class.getName());
    List<String> planted =
        leaveOut == 0 ? List.of() : List.of("--leave-out", Integer.toString(leaveOut));
    return new LoadTools("our own", program, clip, cores, true, planted);
  }

  /**
   * Publishes the clip until it is ended, with stamps, from the moment that the server answers.
   *
   * @param url with {@code %d} for the index of the ingest
   */
  public ToolProcess publish(String url, int ingests) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "publish",
                "--url",
                url,
                "--flv",
                clip.toString(),
                "--stamp",
                "--loop",
                "--chunk",
                PUBLISHER_CHUNK,
                "--streams",
                Integer.toString(ingests),
                "--retry",
                "20"));
    words.addAll(planted);
    return start(false, words);
  }

  /**
   * A sink for this many destinations: says "ready" when all publish.
   *
   * @param options see {@link SinkOptions}
   */
  public ToolProcess sink(int port, int expected, SinkOptions options) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "sink", "--port", Integer.toString(port), "--expect", Integer.toString(expected)));
    words.addAll(options.words());
    if (options.checked()) {
      words.addAll(List.of("--flv", clip.toString()));
    }
    return start(false, words);
  }

  /** A floor that sends what each publisher sends to this many destinations. */
  public ToolProcess floor(int port, int sinkPort, int destinations, List<String> more)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "floor",
                "--in-port",
                Integer.toString(port),
                "--out",
                "127.0.0.1:" + sinkPort,
                "--fanout",
                Integer.toString(destinations)));
    words.addAll(more);
    return start(true, words);
  }

  /**
   * The same, but the kernel runs them before all else that shares their cores: what they time is
   * not to wait for the load beside them. Where the kernel lets nobody do that, the same as they
   * are.
   */
  public LoadTools first() throws IOException, InterruptedException {
    List<String> realTime = List.of("chrt", "--rr", "1");
    List<String> trial = new ArrayList<>(realTime);
    trial.add("true");
    if (new ProcessBuilder(trial).redirectErrorStream(true).start().waitFor() != 0) {
      return this;
    }
    List<String> command = new ArrayList<>(realTime);
    command.addAll(program);
    return new LoadTools(name + ", first on its core", command, clip, cores, compile, planted);
  }

  private ToolProcess start(boolean asServer, List<String> words) throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(words);
    return ToolProcess.start(asServer ? cores.onServerCore(command) : cores.onOtherCores(command));
  }
}
