package manycast.system.bench.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import manycast.launcher.process.Signals;

/** Counts a process's system calls with strace while it is open. */
public final class SystemCalls implements AutoCloseable {
  private static final Path STRACE = Path.of("/usr/bin/strace");
  private static final String TRACED =
      "trace=write,writev,sendto,sendmsg,sendmmsg,sendfile,splice,io_uring_enter,"
          + "read,readv,recvfrom,recvmsg,epoll_wait,epoll_pwait,epoll_pwait2,poll,ppoll";
  private static final long ATTACH_SECONDS = 20;

  /** Thread, time of day in seconds, call, and the descriptor with what it is. */
  private static final Pattern CALL =
      Pattern.compile("^[0-9]+ +([0-9]+\\.[0-9]+) ([a-z_0-9]+)\\([0-9]+<([^>]*)>");

  private final Process strace;
  private final Path trace;
  private double begin;
  private double end;

  private SystemCalls(Process strace, Path trace) {
    this.strace = strace;
    this.trace = trace;
  }

  /**
   * How often a process called the kernel.
   *
   * @param ringEnters calls that hand a batch of writes or reads to io_uring
   */
  public record Counts(long socketWrites, long socketReads, long ringEnters, long waits) {}

  public static boolean canBeTraced() {
    return Files.isExecutable(STRACE);
  }

  /** Attaches to all threads of a process and of its descendants, and to those they start. */
  public static SystemCalls trace(long pid) throws IOException, InterruptedException {
    Path trace = Files.createTempFile("manycast-calls", ".strace");
    ProcessBuilder builder =
        new ProcessBuilder(
            STRACE.toString(),
            "-f",
            "-ttt",
            "-yy",
            "-s",
            "0",
            "-e",
            "signal=none",
            "-e",
            TRACED,
            "-o",
            trace.toString());
    for (long each : ProcessFigures.pids(pid)) {
      builder.command().add("-p");
      builder.command().add(Long.toString(each));
    }
    Process strace = builder.redirectErrorStream(true).start();
    CountDownLatch attached = new CountDownLatch(1);
    Thread.ofVirtual().start(() -> awaitAttached(strace.inputReader(), attached));
    if (!attached.await(ATTACH_SECONDS, TimeUnit.SECONDS)) {
      strace.destroyForcibly();
      throw new IOException("strace does not attach to " + pid);
    }
    return new SystemCalls(strace, trace);
  }

  private static void awaitAttached(BufferedReader said, CountDownLatch attached) {
    try (said) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.contains("attached")) {
          attached.countDown();
        }
      }
    } catch (IOException ended) {
      // Whoever waits is told by the time.
    }
  }

  /** Counting begins. */
  public void begin() {
    begin = System.currentTimeMillis() / 1e3;
  }

  /** Counting ends. */
  public void end() {
    end = System.currentTimeMillis() / 1e3;
  }

  /** Detaches, and counts what came between {@link #begin} and {@link #end}. */
  public Counts counts() throws IOException, InterruptedException {
    Signals.INT.send(strace.pid());
    strace.waitFor();
    long writes = 0;
    long reads = 0;
    long enters = 0;
    long waits = 0;
    try (Stream<String> lines = Files.lines(trace)) {
      for (String line : (Iterable<String>) lines::iterator) {
        Matcher call = CALL.matcher(line);
        if (!call.find() || !isCounted(Double.parseDouble(call.group(1)))) {
          continue;
        }
        boolean socket = call.group(3).startsWith("TCP") || call.group(3).startsWith("socket");
        switch (call.group(2)) {
          case "write", "writev", "sendto", "sendmsg", "sendmmsg", "sendfile", "splice" ->
              writes += socket ? 1 : 0;
          case "read", "readv", "recvfrom", "recvmsg" -> reads += socket ? 1 : 0;
          case "io_uring_enter" -> enters++;
          default -> waits++;
        }
      }
    }
    return new Counts(writes, reads, enters, waits);
  }

  private boolean isCounted(double time) {
    return time >= begin && time < end;
  }

  @Override
  public void close() throws IOException {
    strace.destroyForcibly().onExit().join();
    Files.delete(trace);
  }
}
