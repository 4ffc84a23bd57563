package manycast.launcher.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the logs of running processes bounded, round after round. A log that cannot be cut, as on a
 * full disk, is no reason to end what writes it: it is said once, and the next round tries again.
 * For one thread.
 */
public final class LogBounds {
  private final Consumer<String> console;
  private final Set<Path> uncut = new HashSet<>();

  /**
   * @param console gets a line for a log that could be cut before and cannot now
   */
  public LogBounds(Consumer<String> console) {
    this.console = console;
  }

  /** Cuts the log when it is too big. */
  public void keep(Path log) {
    try {
      BoundedLog.bound(log);
      uncut.remove(log);
    } catch (IOException e) {
      if (uncut.add(log)) {
        console.accept("%s cannot be cut and grows: %s".formatted(log, e));
      }
    }
  }
}
