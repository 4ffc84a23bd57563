package manycast.launcher.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The control plane's executable jar, taken apart: a start-up cache needs plain jars. */
final class BootJar {
  /**
   * Extracts into {@code folder}: its jar there, its libraries in {@code lib}; nothing when that
   * jar was extracted last.
   */
  static void extractIfChanged(Path boot, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path mark = folder.resolve("extracted");
    // Builds are reproducible, times of files too: only the content tells.
    String now = JarFolder.checksum(boot);
    if (Files.exists(mark) && Files.readString(mark).equals(now)) {
      return;
    }
    Path fresh = Files.createTempDirectory(folder.getParent(), "extracting-");
    try {
      extract(boot, fresh);
      List<Path> own = new ArrayList<>(JarFolder.filesIn(fresh));
      Files.deleteIfExists(mark);
      JarFolder.hold(folder.resolve("lib"), JarFolder.filesIn(fresh.resolve("lib")));
      JarFolder.hold(folder, own);
      Files.writeString(mark, now);
    } finally {
      delete(fresh);
    }
  }

  private static void extract(Path boot, Path into) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djarmode=tools",
                "-jar",
                boot.toString(),
                "extract",
                "--force",
                "--destination",
                into.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("cannot extract " + boot);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private BootJar() {}
}
