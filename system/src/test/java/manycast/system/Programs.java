package manycast.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a test needs of its machine; {@code ./manycast test} installs it where it may. */
final class Programs {
  private Programs() {}

  /** Leaves the test out where a command or a file is missing. */
  static void need(String... names) {
    for (String name : names) {
      assumeTrue(isThere(name), name + " is not installed");
    }
  }

  private static boolean isThere(String name) {
    String folders = System.getenv().getOrDefault("PATH", "");
    return (name.startsWith("/") && Files.exists(Path.of(name)))
        || Arrays.stream(folders.split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(name)));
  }
}
