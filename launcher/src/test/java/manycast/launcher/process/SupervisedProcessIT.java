package manycast.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Supervises small shell scripts. */
@Timeout(60)
class SupervisedProcessIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final List<String> console = new CopyOnWriteArrayList<>();
  private @Nullable SupervisedProcess process;

  @AfterEach
  void stop() {
    if (process != null) {
      process.kill();
    }
  }

  @Test
  void startsAKilledProcessAgainAndSaysHowItEndedAndThatItIsBack() throws Exception {
    SupervisedProcess sleeper = start("touch up; exec sleep 600");
    assertThat(sleeper.awaitUp(SOON, () -> false)).isTrue();
    long first = sleeper.pid();
    Files.delete(folder.resolve("up"));
    Signals.KILL.send(first);
    await(() -> console.stream().anyMatch(line -> line.startsWith("script is back (pid ")));
    assertThat(console.getFirst())
        .isEqualTo(
            "script (pid %d) ended: killed by signal 9; it is started again".formatted(first));
    assertThat(sleeper.pid()).isNotEqualTo(first);
    assertThat(PidFile.read(folder, "script").orElseThrow().process().pid())
        .isEqualTo(sleeper.pid());
  }

  @Test
  void runsEachInASessionOfItsOwnWithTheDefaultDispositionOfSigint() throws Exception {
    SupervisedProcess sleeper = start("touch up; exec sleep 600");
    assertThat(sleeper.awaitUp(SOON, () -> false)).isTrue();
    String stat = Files.readString(Path.of("/proc", Long.toString(sleeper.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    assertThat(fields[2]).as("process group").isEqualTo(Long.toString(sleeper.pid()));
    assertThat(fields[3]).as("session").isEqualTo(Long.toString(sleeper.pid()));
    String ignored =
        Files.readAllLines(Path.of("/proc", Long.toString(sleeper.pid()), "status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    assertThat(Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 2).as("SIGINT").isZero();
  }

  @Test
  void stopLeavesNeitherTheProcessNorItsChildrenNorItsPidFile() throws Exception {
    SupervisedProcess parent = start("sleep 601 & echo $! > child; touch up; wait");
    assertThat(parent.awaitUp(SOON, () -> false)).isTrue();
    long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
    parent.stop();
    assertThat(ProcessId.of(parent.pid())).isEmpty();
    await(() -> ProcessId.of(child).isEmpty());
    assertThat(folder.resolve("script.pid")).doesNotExist();
    assertThat(console).isEmpty();
  }

  @Test
  void killsWhatDoesNotEndInTime() throws Exception {
    SupervisedProcess deaf = start("trap '' INT; touch up; while :; do sleep 0.1; done");
    assertThat(deaf.awaitUp(SOON, () -> false)).isTrue();
    deaf.stop();
    assertThat(ProcessId.of(deaf.pid())).isEmpty();
    assertThat(console).containsExactly("script did not end within 1 s and is killed");
  }

  @Test
  void doesNotRepeatAStartThatItsConfigurationForbids() throws Exception {
    SupervisedProcess refusing = start("echo 'MANYCAST_X: bad'; exit 2");
    assertThat(refusing.awaitUp(SOON, () -> false)).isFalse();
    assertThat(refusing.gaveUp()).isTrue();
    assertThat(console).hasSize(1);
    assertThat(console.getFirst())
        .contains("refused its configuration")
        .contains("MANYCAST_X: bad");
  }

  @Test
  void givesTheProcessNothingOfItsOwnEnvironment() throws Exception {
    SupervisedProcess printing = start("env > environment; touch up; exec sleep 600");
    assertThat(printing.awaitUp(SOON, () -> false)).isTrue();
    assertThat(Files.readAllLines(folder.resolve("environment")))
        .allMatch(line -> line.matches("(PATH|PWD|OLDPWD|SHLVL|_|GIVEN)=.*"))
        .contains("GIVEN=value");
  }

  @Test
  void leavesNoProcessWhosePidFileCannotBeWritten() throws Exception {
    Files.createDirectories(folder.resolve("script.pid.new"));
    assertThatThrownBy(() -> start("exec sleep 602")).isInstanceOf(IOException.class);
    assertThat(ProcessHandle.current().children())
        .noneMatch(child -> isOfThisTest(child) && child.isAlive());
  }

  private boolean isOfThisTest(ProcessHandle process) {
    return process
        .info()
        .commandLine()
        .filter(line -> line.contains(folder.toString()) || line.contains("sleep 602"))
        .isPresent();
  }

  @Test
  void triesAgainWhenWhatPreparesItsCommandFails() throws Exception {
    AtomicInteger starts = new AtomicInteger();
    SupervisedProcess sleeper =
        start(
            () -> {
              if (starts.incrementAndGet() == 2) {
                throw new IllegalStateException("a server runs already");
              }
              return script("touch up; exec sleep 600");
            });
    assertThat(sleeper.awaitUp(SOON, () -> false)).isTrue();
    Files.delete(folder.resolve("up"));
    Signals.KILL.send(sleeper.pid());
    await(() -> console.stream().anyMatch(line -> line.startsWith("script is back (pid ")));
    assertThat(console)
        .contains("script cannot be started: a server runs already; it is tried again in 0.3 s");
    assertThat(starts).hasValue(3);
  }

  private SupervisedProcess start(String script) throws Exception {
    return start(() -> script(script));
  }

  private List<String> script(String script) {
    return List.of("sh", "-c", "cd '%s'; %s".formatted(folder, script));
  }

  private SupervisedProcess start(ChildSpec.Command command) throws Exception {
    ChildSpec spec =
        new ChildSpec(
            "script",
            command,
            Map.of("PATH", "/usr/bin:/bin", "GIVEN", "value"),
            Map.of(),
            folder.resolve("script.log"),
            () -> Files.exists(folder.resolve("up")),
            new StopPlan(Signals.INT, Duration.ofSeconds(1)));
    SupervisedProcess started = new SupervisedProcess(spec, folder, console::add);
    process = started;
    started.start();
    return started;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(10);
    }
  }
}
