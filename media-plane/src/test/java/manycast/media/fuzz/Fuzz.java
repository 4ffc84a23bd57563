package manycast.media.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code ./manycast fuzz [TARGET…] [--seconds N]}: runs the coverage-guided fuzzer over each target
 * in a process of its own. It begins with the kept seeds and with what earlier runs here have found
 * interesting; an input that is a finding is written among the seeds, where every test run replays
 * it. Exit 0 without a finding, 1 with one, 2 for bad usage.
 */
public final class Fuzz {
  private static final int STANDARD_SECONDS = 60;
  private static final Pattern LAST_FIGURES =
      Pattern.compile("#([0-9]+)\\s+DONE\\s+cov: ([0-9]+) .*corp: ([0-9]+)");

  /** What a run wrote when it ended by a finding, timeouts and full memory included. */
  private static final Pattern FINDING = Pattern.compile("Test unit written to (\\S+)");

  private static final String USAGE =
      "usage: ./manycast fuzz [TARGET…] [--seconds N]\n\nN seconds for each target, "
          + STANDARD_SECONDS
          + " where nothing is said; targets: "
          + words();

  private Fuzz() {}

  /** The command; the property {@code manycast.root} is the checkout. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<Target> targets = new ArrayList<>();
    int seconds = STANDARD_SECONDS;
    List<String> rest = new ArrayList<>(Arrays.asList(arguments));
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      if (word.equals("--help")) {
        System.out.println(USAGE);
        return;
      }
      if (word.equals("--seconds")
          && !rest.isEmpty()
          && rest.getFirst().matches("[1-9][0-9]{0,5}")) {
        seconds = Integer.parseInt(rest.removeFirst());
      } else if (isTarget(word)) {
        targets.add(Target.valueOf(word.toUpperCase(Locale.ROOT)));
      } else {
        System.err.println("manycast: cannot fuzz with '" + word + "'\n" + USAGE);
        System.exit(2);
      }
    }
    Path root = Path.of(System.getProperty("manycast.root", "."));
    boolean found = false;
    for (Target target : targets.isEmpty() ? List.of(Target.values()) : targets) {
      found |= !run(root, target, seconds);
    }
    System.exit(found ? 1 : 0);
  }

  /** Answers whether the target stood. */
  private static boolean run(Path root, Target target, int seconds)
      throws IOException, InterruptedException {
    Path seeds = root.resolve("media-plane/src/test/resources/fuzz").resolve(target.word());
    Path work = root.resolve("target/fuzz").resolve(target.word());
    Path corpus = work.resolve("corpus");
    Files.createDirectories(seeds);
    Files.createDirectories(corpus);
    Path log = work.resolve("log");
    int status =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + FuzzEntry.TARGET + "=" + target.word(),
                "-Dio.netty.leakDetection.level=disabled",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=manycast.media.**",
                // It does not bear what Netty's queues do, and nothing here is about it.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer",
                "--reproducer_path=" + work,
                "-artifact_prefix=" + seeds + "/",
                "-max_total_time=" + seconds,
                "-max_len=8192",
                "-timeout=10",
                "-rss_limit_mb=0",
                corpus.toString(),
                seeds.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String output = Files.readString(log);
    Matcher figures = LAST_FIGURES.matcher(output);
    String ran =
        figures.find()
            ? "%s inputs, %s branches, %s kept"
                .formatted(figures.group(1), figures.group(2), figures.group(3))
            : "ended early";
    Matcher finding = FINDING.matcher(output);
    if (finding.find()) {
      System.out.printf(
          "%-12s FINDING: %s%n%-12s all of it is in %s%n",
          target.word(), finding.group(1), "", log);
      return false;
    }
    System.out.printf("%-12s %s, %s%n", target.word(), ran, status == 0 ? "stood" : "see " + log);
    return status == 0;
  }

  private static boolean isTarget(String word) {
    return Stream.of(Target.values()).anyMatch(target -> target.word().equals(word));
  }

  private static String words() {
    return Stream.of(Target.values()).map(Target::word).collect(Collectors.joining(" "));
  }
}
