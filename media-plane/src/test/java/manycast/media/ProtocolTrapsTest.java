package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of traps in the documentation names tests that are there. */
final class ProtocolTrapsTest {
  private static final Path ROOT = Path.of("..");
  private static final int TRAPS = 40;
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9]+) \\| .* \\| (.+) \\|$");
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))(?:\\.([a-zA-Z]+))?`");

  @Test
  void everyTrapIsInTheTableAndEveryTestThatItNamesIsThere() throws IOException {
    String table = Files.readString(ROOT.resolve("docs/protocol-traps.md"));
    List<MatchResult> rows = ROW.matcher(table).results().toList();
    List<String> missing = new ArrayList<>();
    assertThat(rows).hasSize(TRAPS);
    for (int i = 0; i < TRAPS; i++) {
      MatchResult row = rows.get(i);
      assertThat(row.group(1)).isEqualTo(String.valueOf(i + 1));
      List<MatchResult> named = NAMED.matcher(row.group(2)).results().toList();
      assertThat(named.isEmpty() && !row.group(2).startsWith("comes with"))
          .as("trap %d is shown by nothing", i + 1)
          .isFalse();
      for (MatchResult test : named) {
        if (!isThere(test.group(1), test.group(2))) {
          missing.add(test.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean isThere(String type, @Nullable String method) throws IOException {
    for (String module : List.of("media-plane", "system")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(path -> path.endsWith(type + ".java")).toList()) {
          if (method == null || Files.readString(file).contains("void " + method + "(")) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
