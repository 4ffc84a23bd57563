package manycast.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogBoundsIT {
  private static final byte[] TOO_BIG = new byte[9 << 20];

  @TempDir private Path folder;
  private final List<String> console = new ArrayList<>();
  private final LogBounds logs = new LogBounds(console::add);

  @Test
  void goesOnWithTheOtherLogsWhenOneCannotBeCutAndSaysSoOnce() throws Exception {
    Path uncut = grown("uncut.log");
    Path other = grown("other.log");
    // A folder that is not empty cannot be replaced by the copy.
    Path inTheWay = Files.createDirectories(folder.resolve("uncut.log.1").resolve("full"));
    for (int round = 0; round < 3; round++) {
      logs.keep(uncut);
      logs.keep(other);
    }
    assertThat(other).isEmptyFile();
    assertThat(uncut).hasSize(TOO_BIG.length);
    assertThat(console).hasSize(1);
    assertThat(console.getFirst()).contains("uncut.log");

    Files.delete(inTheWay);
    logs.keep(uncut);
    assertThat(uncut).isEmptyFile();
    Files.write(uncut, TOO_BIG);
    Files.delete(folder.resolve("uncut.log.1"));
    Files.createDirectories(inTheWay);
    logs.keep(uncut);
    assertThat(console).as("said anew after it had worked").hasSize(2);
  }

  @Test
  void findsNothingWrongWithALogThatIsGone() {
    logs.keep(folder.resolve("gone.log"));
    assertThat(console).isEmpty();
  }

  private Path grown(String name) throws Exception {
    return Files.write(folder.resolve(name), TOO_BIG);
  }
}
