package manycast.system.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import manycast.launcher.product.Plane;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code jmh}: single steps of the media path by themselves, without sockets, in a JVM with the
 * flags of a media node: chunks to a message, a tag's header, a wire image, a frame to the cursors
 * of its log. They lie beside the tests of the media plane, as {@code *Bench}.
 */
final class JmhBenchmark implements Benchmark {
  private static final String WARM_UPS = "5";

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    Path results = Files.createTempFile("manycast-jmh", ".json");
    try {
      Process harness =
          new ProcessBuilder(lab.tools().cores().onServerCore(command(lab, results)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (harness.waitFor() != 0) {
        throw new IOException("JMH ended with " + harness.exitValue());
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      for (JsonNode result : new JsonMapper().readTree(Files.readString(results))) {
        rows.add(row(result));
      }
      report.add("jmh", rows);
    } finally {
      Files.delete(results);
    }
  }

  private static List<String> command(Lab lab, Path results) throws IOException {
    Path target = lab.checkout().resolve("media-plane/target");
    String classPath =
        String.join(
            File.pathSeparator,
            target.resolve("test-classes").toString(),
            target.resolve("classes").toString(),
            Files.readString(target.resolve("test.classpath")));
    List<String> flags = new ArrayList<>(Plane.MEDIA_PLANE.jvmFlags());
    flags.addAll(lab.arguments().jvmFlags());
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        classPath,
        "org.openjdk.jmh.Main",
        "-jvmArgsPrepend",
        String.join(" ", flags),
        "-foe",
        "true",
        "-f",
        "1",
        "-wi",
        WARM_UPS,
        "-w",
        "1",
        "-i",
        Integer.toString(lab.arguments().windows()),
        "-r",
        "1",
        "-prof",
        "gc",
        "-rf",
        "json",
        "-rff",
        results.toString());
  }

  private static Map<String, Object> row(JsonNode result) {
    Map<String, Object> row = Report.row();
    row.put("step", result.path("benchmark").asString().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"));
    row.put(
        "of",
        result.path("params").properties().stream()
            .map(each -> each.getValue().asString() + " " + each.getKey())
            .collect(Collectors.joining(", ")));
    row.put("ns", result.at("/primaryMetric/score").asDouble());
    JsonNode error = result.at("/primaryMetric/scoreError");
    // Two iterations have none.
    row.put("± ns", error.isNumber() ? error.asDouble() : "");
    row.put("bytes allocated", result.at("/secondaryMetrics/gc.alloc.rate.norm/score").asDouble());
    return row;
  }
}
