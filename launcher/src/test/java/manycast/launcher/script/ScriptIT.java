package manycast.launcher.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs a copy of the script in a small checkout, where {@code mvn} and {@code java} only write down
 * that they ran.
 */
@Timeout(60)
class ScriptIT {
  private static final List<String> MODULES =
      List.of("db", "media-plane", "control-plane", "launcher", "system");

  @TempDir private Path folder;
  private Path checkout = Path.of("");
  private Path jdk = Path.of("");
  private Path programs = Path.of("");

  private record Run(int exit, String output) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = Files.createDirectory(folder.resolve("a checkout"));
    Path script = Path.of("").toAbsolutePath().resolveSibling("manycast");
    Files.copy(script, checkout.resolve("manycast"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    for (String module : MODULES) {
      Path sources = Files.createDirectories(checkout.resolve(module).resolve("src/main"));
      Files.writeString(sources.resolve("A.java"), "class A {}");
      Files.createDirectories(checkout.resolve(module).resolve("src/test"));
    }
    Files.createDirectories(folder.resolve("jdk-25/bin"));
    jdk = folder.resolve("jdk-25");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    program(jdk.resolve("bin/javac"), "");
    program(jdk.resolve("bin/java"), "echo \"java ${*: -1}\"");
    programs = Files.createDirectories(folder.resolve("programs"));
    // What Maven leaves behind: jars, and what they were made from.
    program(
        programs.resolve("mvn"),
        """
        echo "$JAVA_HOME $*" >> "%s/mvn.log"
        echo "[INFO] Building manycast-db 0.1.0 [1/4]"
        for module in db media-plane control-plane launcher system; do
          mkdir -p $module/target
          bash ./manycast record-sources $module
        done
        mkdir -p launcher/target/dependency
        touch system/target/manycast-system-0.1.0.jar
        touch launcher/target/manycast-launcher-0.1.0.jar launcher/target/dependency/a.jar
        """
            .formatted(folder));
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void buildsOnceAndStartsNoMavenWhileNothingChanges() throws Exception {
    Run first = run("status");
    assertThat(first.output()).isEqualTo("building db …\njava status\n");
    assertThat(builds()).hasSize(1);
    assertThat(builds().getFirst())
        .startsWith(jdk + " ")
        .contains("-DskipTests")
        .endsWith("package");
    assertThat(run("status").output()).isEqualTo("java status\n");
    assertThat(builds()).hasSize(1);
  }

  @Test
  void buildsAgainWhenASourceOrAPomChangesAppearsOrGoes() throws Exception {
    run("status");
    Files.writeString(checkout.resolve("media-plane/src/main/A.java"), "class A { int x; }");
    run("status");
    assertThat(builds()).hasSize(2);
    Files.writeString(checkout.resolve("control-plane/src/main/B.java"), "class B {}");
    run("status");
    assertThat(builds()).hasSize(3);
    Files.delete(checkout.resolve("launcher/src/main/A.java"));
    run("status");
    assertThat(builds()).hasSize(4);
    Files.writeString(checkout.resolve("pom.xml"), "<project></project>");
    run("status");
    assertThat(builds()).hasSize(5);
  }

  @Test
  void doesNotBuildForATestOrForATouchedFile() throws Exception {
    run("status");
    Files.writeString(checkout.resolve("db/src/test/ATest.java"), "class ATest {}");
    Files.writeString(checkout.resolve("db/src/main/A.java"), "class A {}");
    run("status");
    assertThat(builds()).hasSize(1);
  }

  @Test
  void buildsTheBenchmarksForBenchAloneAndHandsAllWordsOn() throws Exception {
    run("status");
    Files.writeString(checkout.resolve("system/src/main/A.java"), "class A { int x; }");
    run("status");
    assertThat(builds()).hasSize(1);
    assertThat(run("bench", "cpu", "--windows", "3").output()).endsWith("java 3\n");
    assertThat(builds()).hasSize(2).last().asString().contains("launcher,system");
  }

  @Test
  void saysInOneLineWhatToInstallWhereThereIsNoJdk25() throws Exception {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    Run run = run("status");
    // On a machine that has one elsewhere it is found there instead.
    if (run.output().startsWith("manycast: no JDK 25 found")) {
      assertThat(run.output()).contains("JAVA_HOME").hasLineCount(1);
      assertThat(run.exit()).isEqualTo(1);
    } else {
      assertThat(builds().getFirst()).doesNotStartWith(jdk + " ");
    }
  }

  @Test
  void showsMavensErrorsWhenABuildFails() throws Exception {
    program(programs.resolve("mvn"), "echo '[ERROR] A.java:[1,1] no good'; exit 1");
    Run run = run("status");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output()).contains("[ERROR] A.java:[1,1] no good").contains("the build failed");
  }

  @Test
  void refusesWhatItDoesNotKnowWithTwo() throws Exception {
    assertThat(run("dance").exit()).isEqualTo(2);
    assertThat(run().exit()).isEqualTo(2);
    assertThat(run("up", "now").exit()).isEqualTo(2);
    assertThat(run("run", "nginx").exit()).isEqualTo(2);
    assertThat(run("help").exit()).isZero();
    assertThat(folder.resolve("mvn.log")).doesNotExist();
  }

  @Test
  void runBecomesTheProcessItself() throws Exception {
    program(jdk.resolve("bin/java"), "printf 'sh\\0-c\\0echo I am $$\\0'");
    ProcessBuilder builder = command("run", "postgres");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output).endsWith("I am " + process.pid() + "\n");
  }

  @Test
  void runEndsWithTheCodeOfWhatCouldNotBePrepared() throws Exception {
    program(jdk.resolve("bin/java"), "echo 'MANYCAST_DB_PORT: bad' >&2; exit 2");
    Run run = run("run", "postgres");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.output()).contains("MANYCAST_DB_PORT: bad");
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(folder.resolve("mvn.log"));
  }

  private Run run(String... arguments) throws Exception {
    Process process = command(arguments).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }

  private ProcessBuilder command(String... arguments) {
    List<String> line = new ArrayList<>(List.of(checkout.resolve("manycast").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
    builder.environment().put("HOME", folder.toString());
    return builder;
  }
}
