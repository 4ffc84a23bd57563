package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./manycast bench} in its shortest form: that it runs from a checkout, counts, verifies and
 * reports. How fast anything is, is no test's business.
 */
@Timeout(300)
class BenchIT {
  private static final Duration DEADLINE = Duration.ofSeconds(240);

  @TempDir private Path folder;

  private record Run(int exit, String output) {}

  @Test
  void measuresFloorAndManycastWithOurOwnToolsAndLosesNothing() throws Exception {
    Path out = folder.resolve("short.json");
    Run run = bench(out, "cpu", "--peers", "floor,manycast", "--points", "2x2");

    assertThat(run.exit).as(run.output).isZero();
    JsonNode report = new JsonMapper().readTree(Files.readString(out));
    assertThat(report.at("/about/seed").asInt()).isEqualTo(7);
    assertThat(report.path("faults")).isEmpty();
    JsonNode windows = report.at("/tables/0/rows");
    List<String> servers = new ArrayList<>();
    for (JsonNode window : windows) {
      servers.add(window.path("server").asString());
      assertThat(window.path("lost").asLong(-1)).as(window.toString()).isZero();
      assertThat(window.path("damaged").asLong(-1)).as(window.toString()).isZero();
      assertThat(window.path("closed").asLong(-1)).as(window.toString()).isZero();
      assertThat(window.path("megabitsPerSecond").asDouble())
          .as("four times the clip, however late: %s", window)
          .isBetween(10.0, 50.0);
      assertThat(window.path("cpuPerGigabyte").asDouble()).as(window.toString()).isPositive();
      assertThat(window.path("p50Ms").asDouble()).as(window.toString()).isPositive();
    }
    assertThat(servers).containsExactlyInAnyOrder("floor", "manycast");
    assertThat(Files.readString(folder.resolve("short.md")))
        .contains("## cpu 2x2", "| floor | 1 |", "| manycast | 1 |");
  }

  @Test
  void noticesEveryPictureThatIsLeftOut() throws Exception {
    Path out = folder.resolve("planted.json");
    Run run = bench(out, "latency", "--peers", "floor", "--points", "1x2", "--leave-out", "10");

    assertThat(run.exit).as(run.output).isEqualTo(1);
    JsonNode report = new JsonMapper().readTree(Files.readString(out));
    assertThat(report.at("/faults/0").asString()).contains("lost");
    JsonNode window = report.at("/tables/0/rows/0");
    // Each of two destinations misses every tenth of some 60 pictures.
    assertThat(window.path("lost").asLong()).as(window.toString()).isGreaterThanOrEqualTo(4);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void saysWhatIsAcceptedInsteadOfWhatIsNot() throws Exception {
    assertThat(bench("speed").output).contains("\"speed\"", "accepted: cpu, latency");
    assertThat(bench("cpu", "--windows", "0").output).contains("--windows", "from 1 to 1000");
    assertThat(bench("cpu", "--peers", "srs").output).contains("\"srs\"", "accepted: floor");
    assertThat(bench("cpu", "--points", "50").output).contains("\"50\"", "such as 1x50");
    assertThat(bench("cpu", "--fast", "1").output).contains("\"--fast\"", "accepted");
    assertThat(bench("cpu", "--seed").exit).isEqualTo(2);
  }

  private static Run bench(Path out, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "--windows", "1", "--seconds", "2", "--settle", "1", "--warm-up", "1", "--seed", "7"));
    all.addAll(List.of("--out", out.toString()));
    return bench(all.toArray(String[]::new));
  }

  private static Run bench(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("bench"));
    command.addAll(List.of(words));
    Process process = new Product.Command(Map.of(), command).spawn();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(DEADLINE)) {
      process.destroy();
      throw new AssertionError("bench does not end: " + output);
    }
    return new Run(process.exitValue(), output);
  }
}
