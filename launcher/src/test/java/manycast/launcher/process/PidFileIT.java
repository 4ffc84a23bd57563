package manycast.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileIT {
  @TempDir private Path folder;

  @Test
  void holdsThePidAloneOnItsFirstLine() throws Exception {
    PidFile file = new PidFile(ProcessId.ofThisProcess(), Map.of("rtmp", 1935));
    file.write(folder, "media-plane");
    assertThat(Files.readAllLines(folder.resolve("media-plane.pid")).getFirst())
        .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    assertThat(PidFile.read(folder, "media-plane")).contains(file);
    assertThat(PidFile.names(folder)).containsExactly("media-plane");
  }

  @Test
  void readsNothingFromAnAbsentOrDamagedFile() throws Exception {
    assertThat(PidFile.read(folder, "absent")).isEmpty();
    Files.writeString(folder.resolve("empty.pid"), "");
    assertThat(PidFile.read(folder, "empty")).isEmpty();
    Files.writeString(folder.resolve("words.pid"), "no pid\n");
    assertThat(PidFile.read(folder, "words")).isEmpty();
  }

  @Test
  void anotherProcessWithTheSamePidIsNotTheSame() {
    ProcessId here = ProcessId.ofThisProcess();
    assertThat(here.isAlive()).isTrue();
    assertThat(new ProcessId(here.pid(), "1" + here.started()).isAlive()).isFalse();
  }

  @Test
  void aDeadProcessIsNotAliveBeforeItIsWaitedForEither() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessId id = ProcessId.of(process.pid()).orElseThrow();
    assertThat(id.isAlive()).isTrue();
    process.destroyForcibly().waitFor();
    assertThat(id.isAlive()).isFalse();
  }
}
