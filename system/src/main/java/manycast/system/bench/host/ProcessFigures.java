package manycast.system.bench.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kernel counts for a process and all below it.
 *
 * <p>Processor time is the process's CPU clock: the run time that {@code schedstat} shows for each
 * thread, summed, with the threads that have ended. So compilers and collectors are in it, and on
 * loopback the receiving half of TCP too, which the kernel does inside {@code send}.
 */
public final class ProcessFigures {
  private static final Path PROC = Path.of("/proc");

  /** Seconds of processor time since each process began. */
  public static double cpuSeconds(long pid) {
    return family(pid).mapToLong(CpuClock::nanos).sum() / 1e9;
  }

  /** Resident bytes: pages that several processes share count in each. */
  public static long rssBytes(long pid) {
    return family(pid).mapToLong(each -> kilobytes(each, "Rss:")).sum() * 1024;
  }

  /** Resident bytes, each page divided by the number of its users. */
  public static long pssBytes(long pid) {
    return family(pid).mapToLong(each -> kilobytes(each, "Pss:")).sum() * 1024;
  }

  /** All pids of the process and of its descendants. */
  public static List<Long> pids(long pid) {
    return family(pid).toList();
  }

  private static Stream<Long> family(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .map(ProcessHandle::pid);
  }

  private static long kilobytes(long pid, String field) {
    try (Stream<String> lines =
        Files.lines(PROC.resolve(Long.toString(pid)).resolve("smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }

  private ProcessFigures() {}
}
