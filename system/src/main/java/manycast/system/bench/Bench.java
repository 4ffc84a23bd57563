package manycast.system.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import manycast.launcher.commands.TrainingRun;
import manycast.launcher.product.Product;
import manycast.launcher.settings.BadSettingsException;
import manycast.system.bench.Arguments.BadArgumentException;
import manycast.system.bench.host.Cores;
import manycast.system.bench.load.SyntheticClip;
import manycast.system.bench.tools.LoadTools;

/**
 * {@code ./manycast bench}: measures the product of this checkout beside what it is compared with,
 * in one run. Ends with 0, with 1 when something failed or media was lost, with 2 for bad
 * arguments.
 */
public final class Bench {
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;
  private static final DateTimeFormatter FILE_NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  static void main(String[] args) throws InterruptedException {
    Path root = Path.of(System.getProperty("manycast.root", ".")).toAbsolutePath().normalize();
    System.exit(run(List.of(args), System.getenv(), root));
  }

  private static int run(List<String> words, Map<String, String> environment, Path root)
      throws InterruptedException {
    if (words.contains("--help")) {
      System.out.print(Arguments.USAGE);
      return 0;
    }
    try {
      return run(Arguments.parse(words), environment, root);
    } catch (BadArgumentException e) {
      System.err.println("manycast: " + e.getMessage());
      return BAD_USAGE;
    } catch (BadSettingsException e) {
      e.faults().forEach(System.err::println);
      return BAD_USAGE;
    } catch (IOException e) {
      System.err.println("manycast: " + e.getMessage());
      return FAILED;
    }
  }

  private static int run(Arguments arguments, Map<String, String> environment, Path root)
      throws IOException, InterruptedException, BadArgumentException {
    Cores cores = Cores.ofThisMachine();
    LoadTools ours = ourTools(arguments, root, cores);
    LoadTools tools = tools(arguments, environment, ours);
    Product product = Product.prepare(root, new TrainingRun(() -> false), System.err::println);
    Path out = arguments.out();
    Report report =
        new Report(
            out == null ? root.resolve("target/bench/%s.json".formatted(fileName())) : out,
            about(arguments, tools, cores));
    stayOffTheServersCore(cores);
    try (Lab lab =
        Lab.open(root, arguments, tools, ours, product, environment, System.err::println)) {
      Thread worker = Thread.currentThread();
      Thread abandon = Thread.ofPlatform().unstarted(() -> lab.abandon(worker));
      Runtime.getRuntime().addShutdownHook(abandon);
      for (BenchmarkName name : arguments.benchmarks()) {
        lab.say("benchmark " + name.word());
        name.benchmark().run(lab, report);
      }
      Runtime.getRuntime().removeShutdownHook(abandon);
    }
    System.out.println(report.markdown());
    System.err.println("written: " + report.tables());
    return report.faults().isEmpty() ? 0 : FAILED;
  }

  private static LoadTools tools(
      Arguments arguments, Map<String, String> environment, LoadTools ours)
      throws IOException, BadArgumentException {
    String rtmpload = environment.getOrDefault("MANYCAST_RTMPLOAD", "");
    if (rtmpload.isEmpty()) {
      return ours;
    }
    if (arguments.leaveOut() > 0) {
      throw new BadArgumentException("--leave-out with MANYCAST_RTMPLOAD; accepted: one of both");
    }
    return LoadTools.rtmpload(Path.of(rtmpload), ours.cores());
  }

  private static LoadTools ourTools(Arguments arguments, Path root, Cores cores)
      throws IOException {
    Path clip = root.resolve("target/bench/clip-%d.flv".formatted(arguments.seed()));
    if (!Files.exists(clip)) {
      Files.createDirectories(clip.getParent());
      SyntheticClip.write(clip, arguments.seed());
    }
    return LoadTools.ours(clip, cores, arguments.leaveOut());
  }

  private static String fileName() {
    return FILE_NAME.format(Instant.now());
  }

  private static Map<String, Object> about(Arguments arguments, LoadTools tools, Cores cores)
      throws IOException {
    Map<String, Object> about = Report.row();
    about.put("begun", Instant.now().toString());
    about.put("kernel", Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    about.put("processor", processor());
    about.put("cores", ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors());
    about.put("server on core", cores.server());
    about.put("tools", tools.name());
    about.put("JDK", Runtime.version().toString());
    about.put("media node's JVM flags besides the launcher's", arguments.jvmFlags());
    about.put("windows", arguments.windows());
    about.put("seconds of a window", arguments.length().toSeconds());
    about.put("seconds of warm-up", arguments.warmUp().toSeconds());
    about.put("seed", arguments.seed());
    return about;
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.replaceFirst(".*: ", ""))
        .findFirst()
        .orElse("unknown");
  }

  /** This process, with all its threads and those it will start. */
  private static void stayOffTheServersCore(Cores cores) throws IOException, InterruptedException {
    if (cores.others().isEmpty()) {
      System.err.println("one core only: server, sink and publisher share it");
      return;
    }
    new ProcessBuilder(
            "taskset",
            "-a",
            "-p",
            "-c",
            cores.others(),
            Long.toString(ProcessHandle.current().pid()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private Bench() {}
}
