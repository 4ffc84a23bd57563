package manycast.db.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The server processes that work on one data directory, whoever started them. They are known by
 * what cannot go stale: the program they run and their working folder, which PostgreSQL makes the
 * data directory.
 */
final class ServerProcesses {
  private final Path data;

  ServerProcesses(Path data) {
    this.data = data;
  }

  /** The pid of the postmaster, when one runs. */
  OptionalLong postmaster() throws IOException {
    OptionalLong named = pidInLockFile();
    return named.isPresent() && running().contains(named.getAsLong())
        ? named
        : OptionalLong.empty();
  }

  /**
   * Waits until nothing is left of a server whose postmaster is gone, and makes the data directory
   * fit for the next one. Backends leave by themselves when they see that their postmaster died;
   * what has not after a moment is killed, which harms nothing: the shared memory that it still
   * holds is abandoned, and the next server recovers from the write-ahead log.
   *
   * @throws IOException when something cannot be killed
   */
  void clear(Duration patience) throws IOException {
    long start = System.nanoTime();
    long kill = start + patience.toNanos();
    long giveUp = kill + Duration.ofSeconds(3).toNanos();
    for (List<Long> left = running(); !left.isEmpty(); left = running()) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IOException("processes %s of an earlier server do not end".formatted(left));
      }
      if (System.nanoTime() - kill > 0) {
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      }
      pause();
    }
    forgetReusedPid();
  }

  /**
   * The lock file of a dead postmaster names a pid. Where some other program has that pid by now
   * (after a reboot, or in a new container), PostgreSQL would believe that a server runs and refuse
   * to start.
   */
  private void forgetReusedPid() throws IOException {
    OptionalLong pid = pidInLockFile();
    if (pid.isPresent() && ProcessHandle.of(pid.getAsLong()).isPresent()) {
      Files.deleteIfExists(lockFile());
    }
  }

  private OptionalLong pidInLockFile() throws IOException {
    if (!Files.exists(lockFile())) {
      return OptionalLong.empty();
    }
    List<String> lines = Files.readAllLines(lockFile());
    try {
      return lines.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Math.abs(Long.parseLong(lines.getFirst().strip())));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private Path lockFile() {
    return data.resolve("postmaster.pid");
  }

  private List<Long> running() throws IOException {
    List<Long> pids = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isOurs(process)) {
          pids.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return pids;
  }

  private boolean isOurs(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data)
          && Files.readSymbolicLink(process.resolve("exe")).endsWith("postgres");
    } catch (IOException e) {
      // Another user's, or gone since we listed it.
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
