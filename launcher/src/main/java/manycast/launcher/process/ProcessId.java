package manycast.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process for good: a pid alone may meanwhile be somebody else's.
 *
 * @param pid as the kernel numbers it
 * @param started the kernel's start time in clock ticks and the id of the boot they count from
 */
public record ProcessId(long pid, String started) {
  private static final int START_TIME_AFTER_NAME =
      19; // field 22 of proc(5) stat; 3 is the first after the name

  /**
   * The process with this pid as it is now; empty when there is none or it is dead and not yet
   * waited for.
   */
  public static Optional<ProcessId> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name stands in brackets and may hold anything, brackets too.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      if (fields[0].equals("Z") || fields[0].equals("X")) {
        return Optional.empty();
      }
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return Optional.of(new ProcessId(pid, fields[START_TIME_AFTER_NAME] + "@" + boot));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  public static ProcessId ofThisProcess() {
    return of(ProcessHandle.current().pid())
        .orElseThrow(() -> new IllegalStateException("/proc does not show this process"));
  }

  /** Whether this very process, not another one with its pid, runs. */
  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }
}
