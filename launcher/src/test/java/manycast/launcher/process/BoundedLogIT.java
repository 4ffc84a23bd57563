package manycast.launcher.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogIT {
  @TempDir private Path folder;

  @Test
  void cutsALogThatIsTooBigWhileItIsWrittenTo() throws Exception {
    Path log = folder.resolve("a.log");
    try (var out =
        Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(new byte[9 << 20]);
      BoundedLog.bound(log);
      assertThat(log).hasSize(0);
      assertThat(folder.resolve("a.log.1")).hasSize(9 << 20);
      out.write("after\n".getBytes(UTF_8));
      assertThat(log).hasContent("after\n");
    }
  }

  @Test
  void leavesASmallLogAlone() throws Exception {
    Path log = folder.resolve("a.log");
    Files.writeString(log, "one\ntwo\nthree\n");
    BoundedLog.bound(log);
    assertThat(BoundedLog.tail(log, 4, 5)).containsExactly("two", "three");
    assertThat(BoundedLog.tail(log, 0, 1)).containsExactly("three");
  }
}
