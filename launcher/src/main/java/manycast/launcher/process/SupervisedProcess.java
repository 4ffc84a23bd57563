package manycast.launcher.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one process running: starts it, starts it again with backoff when it dies, and says so.
 * Owns the process, its pid file and a thread that waits for it.
 */
public final class SupervisedProcess {
  /**
   * A process that ends like this did not like its settings; the same settings would not please it
   * later.
   */
  private static final int BAD_CONFIGURATION = 2;

  private static final Duration PROBE_PAUSE = Duration.ofMillis(100);
  private static final int LINES_OF_LOG = 12;

  private final ChildSpec spec;
  private final Path pidFiles;
  private final Consumer<String> console;
  private final Backoff backoff = new Backoff();
  private final Thread watcher;

  // Guarded by this.
  private @Nullable Process process;
  private boolean stopping;
  private boolean gaveUp;
  private boolean everUp;
  private long logFrom;

  /**
   * @param pidFiles the folder of pid files
   * @param console gets a line for everything that a person should know
   */
  public SupervisedProcess(ChildSpec spec, Path pidFiles, Consumer<String> console) {
    this.spec = spec;
    this.pidFiles = pidFiles;
    this.console = console;
    this.watcher = Thread.ofPlatform().name("watch-" + spec.name()).daemon().unstarted(this::watch);
  }

  public ChildSpec spec() {
    return spec;
  }

  /** Starts the process and its supervision. */
  public void start() throws IOException {
    synchronized (this) {
      process = launch();
    }
    watcher.start();
  }

  /** The pid now; changes with each restart. */
  public synchronized long pid() {
    if (process == null) {
      throw new IllegalStateException(spec.name() + " was not started");
    }
    return process.pid();
  }

  /**
   * Whether it ended with the code for bad configuration before it was ever up: it is not started
   * again.
   */
  public synchronized boolean gaveUp() {
    return gaveUp;
  }

  /**
   * Waits until the process is up. False when the time is over, or it gave up, or nobody wants it
   * any more.
   */
  public boolean awaitUp(Duration atMost, BooleanSupplier unwanted) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      if (spec.health().isUp()) {
        synchronized (this) {
          everUp = true;
        }
        return true;
      }
      synchronized (this) {
        if (gaveUp || stopping || unwanted.getAsBoolean() || System.nanoTime() > end) {
          return false;
        }
      }
      Thread.sleep(PROBE_PAUSE);
    }
  }

  /**
   * Ends supervision, then the process as its plan says; returns when it is gone. May be called
   * more than once.
   */
  public void stop() {
    Process last;
    synchronized (this) {
      stopping = true;
      notifyAll();
      last = process;
    }
    if (last == null) {
      return;
    }
    end(last);
    try {
      PidFile.delete(pidFiles, spec.name());
    } catch (IOException e) {
      console.accept("cannot delete the pid file of %s: %s".formatted(spec.name(), e.getMessage()));
    }
  }

  private void end(Process last) {
    boolean interrupted = false;
    spec.stop().signal().send(last.pid());
    try {
      if (!last.waitFor(spec.stop().deadline().toMillis(), TimeUnit.MILLISECONDS)) {
        console.accept(
            "%s did not end within %d s and is killed"
                .formatted(spec.name(), spec.stop().deadline().toSeconds()));
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    killGroup(last);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills at once: for a second Ctrl-C. */
  public void kill() {
    Process last;
    synchronized (this) {
      stopping = true;
      notifyAll();
      last = process;
    }
    if (last != null) {
      killGroup(last);
    }
  }

  private static void killGroup(Process leader) {
    // Just after its start it does not lead a group yet.
    leader.destroyForcibly();
    Signals.KILL.sendToGroup(leader.pid());
    leader.onExit().orTimeout(5, TimeUnit.SECONDS).exceptionally(late -> leader).join();
  }

  private synchronized Process launch() throws IOException {
    logFrom = Files.exists(spec.log()) ? Files.size(spec.log()) : 0;
    ProcessBuilder builder = new ProcessBuilder(spec.commandInItsOwnSession());
    builder.environment().clear();
    builder.environment().putAll(spec.environment());
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    Process started = builder.start();
    ProcessId id = ProcessId.of(started.pid()).orElse(new ProcessId(started.pid(), ""));
    try {
      new PidFile(id, spec.ports()).write(pidFiles, spec.name());
    } catch (IOException e) {
      // Without the file nobody would find it again: not this launcher, and not the next one.
      killGroup(started);
      throw e;
    }
    return started;
  }

  private void watch() {
    long started = System.nanoTime();
    while (true) {
      Process current;
      synchronized (this) {
        if (stopping || process == null) {
          return;
        }
        current = process;
      }
      int exit = waitFor(current);
      long diedAt = System.nanoTime();
      Duration life = Duration.ofNanos(diedAt - started);
      // What the dead one may have left in its group would hold its ports.
      Signals.KILL.sendToGroup(current.pid());
      synchronized (this) {
        if (stopping) {
          return;
        }
        if (exit == BAD_CONFIGURATION && !everUp) {
          gaveUp = true;
          console.accept(
              "%s refused its configuration:%n%s"
                  .formatted(
                      spec.name(),
                      String.join("\n", BoundedLog.tail(spec.log(), logFrom, LINES_OF_LOG))));
          return;
        }
      }
      Duration wait = backoff.afterLife(life);
      console.accept(
          "%s (pid %d) ended: %s; it is started again%s"
              .formatted(
                  spec.name(),
                  current.pid(),
                  Signals.ending(exit),
                  wait.isZero() ? "" : " in %.1f s".formatted(wait.toMillis() / 1000.0)));
      if (!restart(wait, diedAt)) {
        return;
      }
      started = System.nanoTime();
    }
  }

  /** Tries until it has a process again; false when stopping began. */
  private boolean restart(Duration firstWait, long diedAt) {
    Duration wait = firstWait;
    while (pause(wait)) {
      synchronized (this) {
        if (stopping) {
          return false;
        }
        try {
          process = launch();
          long pid = process.pid();
          Thread.ofVirtual().start(() -> sayWhenBack(pid, diedAt));
          return true;
        } catch (IOException | RuntimeException e) {
          wait = backoff.afterLife(Duration.ZERO);
          console.accept(
              "%s cannot be started: %s; it is tried again in %.1f s"
                  .formatted(spec.name(), e.getMessage(), wait.toMillis() / 1000.0));
        }
      }
    }
    return false;
  }

  private void sayWhenBack(long pid, long diedAt) {
    while (true) {
      synchronized (this) {
        if (stopping || process == null || process.pid() != pid || !process.isAlive()) {
          return;
        }
      }
      if (spec.health().isUp()) {
        console.accept(
            "%s is back (pid %d) after %.1f s"
                .formatted(spec.name(), pid, (System.nanoTime() - diedAt) / 1e9));
        synchronized (this) {
          everUp = true;
        }
        return;
      }
      if (!pause(PROBE_PAUSE)) {
        return;
      }
    }
  }

  /** Waits, unless stopping begins. */
  private synchronized boolean pause(Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    try {
      while (!stopping) {
        long leftMillis = (end - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          return true;
        }
        wait(leftMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static int waitFor(Process current) {
    while (true) {
      try {
        return current.waitFor();
      } catch (InterruptedException nobodyInterruptsThis) {
        // The watcher ends with its process.
      }
    }
  }

  /** For a person: the last lines of its log. */
  public List<String> lastLines() {
    return BoundedLog.tail(spec.log(), 0, LINES_OF_LOG);
  }
}
