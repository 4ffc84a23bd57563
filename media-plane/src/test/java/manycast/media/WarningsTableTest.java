package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The documentation's table of a node's own warnings has those that the code gives, all of them.
 */
final class WarningsTableTest {
  /** A warning's code is the first thing that is said of it, or one of two by the track's kind. */
  private static final Pattern GIVEN =
      Pattern.compile(
          "\\b(?:warn|drop|NotCarried|Refused)\\(\\s*(?:[a-z.A-Z()]+\\s*\\?\\s*)?\"([a-z_]+)\""
              + "(?:\\s*:\\s*\"([a-z_]+)\")?,");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[a-z_`, ]+`) \\|");
  private static final Pattern CODE = Pattern.compile("`([a-z_]+)`");

  @Test
  void everyWarningThatANodeGivesIsInTheTableAndNoOther() throws IOException {
    assertThat(inTheTable()).isEqualTo(given()).contains("node_full", "audio_config", "tracks");
  }

  private static Set<String> inTheTable() throws IOException {
    String page = Files.readString(Path.of("../docs/warnings.md"));
    String table = page.substring(page.indexOf("## What a node alone can see"));
    Set<String> codes = new TreeSet<>();
    for (MatchResult row : ROW.matcher(table).results().toList()) {
      CODE.matcher(row.group(1)).results().forEach(code -> codes.add(code.group(1)));
    }
    return codes;
  }

  private static Set<String> given() throws IOException {
    Set<String> codes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> sources = files.filter(path -> path.toString().endsWith(".java")).toList();
      for (Path source : sources) {
        for (MatchResult found : GIVEN.matcher(Files.readString(source)).results().toList()) {
          codes.add(found.group(1));
          if (found.group(2) != null) {
            codes.add(found.group(2));
          }
        }
      }
    }
    return codes;
  }
}
