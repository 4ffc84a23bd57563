package manycast.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manycast.launcher.process.Signals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./manycast} promises of starting, stopping and of what a killed launcher leaves. */
@Timeout(400)
class LauncherIT {
  /** The drain timeout and ten seconds. */
  private static final Duration STOPPED = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<String> PROCESSES = List.of("postgres", "control-plane", "media-plane");
  private static final List<String> PORTS =
      List.of(
          "MANYCAST_HTTP_PORT",
          "MANYCAST_INTERNAL_PORT",
          "MANYCAST_MEDIA_HTTP_PORT",
          "MANYCAST_MEDIA_INTERNAL_PORT",
          "MANYCAST_RTMP_PORT",
          "MANYCAST_RTMPS_PORT",
          "MANYCAST_DB_PORT");

  @TempDir private Path folder;

  @Test
  void ctrlCWhileTheDemoIsLiveEndsEverythingAndLeavesNoProcessAndNoPort() {
    try (Product demo = Product.start("demo", Map.of())) {
      Until.isTrue(
          "three destinations live and verified",
          SOON,
          () ->
              demo.output().stream()
                      .filter(line -> line.matches("Sink [ABC] .* live .*verified"))
                      .map(line -> line.substring(0, 6))
                      .distinct()
                      .count()
                  == 3);
      List<ProcessHandle> processes = PROCESSES.stream().map(demo::process).toList();
      // A terminal sends SIGINT to the whole foreground group.
      Signals.INT.sendToGroup(demo.launcher().pid());
      assertThat(demo.awaitExit(STOPPED)).isTrue();
      assertThat(demo.launcher().exitValue()).isZero();
      assertThat(processes).noneMatch(ProcessHandle::isAlive);
      assertThat(PORTS).noneMatch(port -> Ports.isOpen(demo.port(port)));
      assertThat(demo.output()).noneMatch(line -> line.contains("FAILED"));
      assertThat(demo.output())
          .filteredOn(line -> line.matches("Sink [ABC] +ended .* verified to its goodbye"))
          .hasSize(3);
      assertThat(demo.home().resolve("run")).isDirectoryNotContaining("glob:**.pid");
    }
  }

  @Test
  void nextUpStopsWhatAKilledLauncherLeftAndSigtermEndsIt() throws Exception {
    Product first = Product.start("up", Map.of());
    List<ProcessHandle> left = PROCESSES.stream().map(first::process).toList();
    refusesTakenPorts(first);
    first.launcher().destroyForcibly().waitFor();
    assertThat(left).allMatch(ProcessHandle::isAlive);
    assertThat(first.output()).anyMatch(line -> line.startsWith("First admin"));
    try (Product second = Product.start("up", first.environment(), first.home())) {
      assertThat(left).noneMatch(ProcessHandle::isAlive);
      assertThat(second.output()).noneMatch(line -> line.startsWith("First admin"));
      assertThat(run(second.command("status")))
          .startsWith("0 ")
          .contains(
              "rtmp %d, rtmps %d"
                  .formatted(
                      second.port("MANYCAST_RTMP_PORT"), second.port("MANYCAST_RTMPS_PORT")));
      endsANodeWithUp(second);
      second.launcher().destroy();
      assertThat(second.awaitExit(STOPPED)).isTrue();
      assertThat(second.launcher().exitValue()).isZero();
      assertThat(run(second.command("status"))).startsWith("3 ");
      assertThat(PORTS).noneMatch(port -> Ports.isOpen(second.port(port)));
    }
  }

  private void refusesTakenPorts(Product running) throws Exception {
    Map<String, String> elsewhere = new HashMap<>(running.environment());
    elsewhere.put("MANYCAST_HOME", folder.resolve("another-home").toString());
    String refusal = run(new Product.Command(elsewhere, List.of("up")));
    assertThat(refusal).startsWith("1 ");
    assertThat(refusal).contains(PORTS);
  }

  private static void endsANodeWithUp(Product product) throws Exception {
    Map<String, String> another = new HashMap<>(product.environment());
    // What a node of its own would listen on where nothing else is said.
    another.put("MANYCAST_HTTP_PORT", "8081");
    Process node = new Product.Command(another, List.of("node")).spawn();
    try {
      String ready =
          Until.satisfied(
              "another node",
              SOON,
              () -> Optional.ofNullable(node.inputReader().readLine()).orElse("ended"),
              line -> line.startsWith("READY") || line.equals("ended"));
      assertThat(ready).startsWith("READY media-plane-2");
      ProcessHandle other = product.process("media-plane-2");
      node.destroy();
      node.waitFor();
      assertThat(node.exitValue()).isZero();
      assertThat(other.isAlive()).isFalse();
      assertThat(product.process("media-plane").isAlive()).isTrue();
    } finally {
      node.destroyForcibly();
    }
  }

  @Test
  void namesEveryBadSettingAndEndsWithTwo() throws Exception {
    String told =
        run(
            new Product.Command(
                Map.of(
                    "MANYCAST_HOME", folder.toString(),
                    "MANYCAST_RTMP_PORT", "70000",
                    "MANYCAST_PREVIEW_TOKEN_LIFE", "5s",
                    "MANYCAST_ADMIN_TOKEN", "far-too-short"),
                List.of("up")));
    assertThat(told)
        .startsWith("2 ")
        .contains("MANYCAST_RTMP_PORT", "70000", "MANYCAST_PREVIEW_TOKEN_LIFE")
        .contains("MANYCAST_ADMIN_TOKEN")
        .doesNotContain("far-too-short", "starting");
    assertThat(folder).isEmptyDirectory();
    assertThat(run(new Product.Command(Map.of(), List.of("dance")))).startsWith("2 ");
    assertThat(run(new Product.Command(Map.of(), List.of("help")))).startsWith("0 usage");
  }

  /** The exit code and everything that was printed. */
  private static String run(Product.Command command) throws Exception {
    Process process = command.spawn();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() + " " + output;
  }
}
