package manycast.system.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM keeps alive on its heap, asked with jcmd. */
public final class HeapFigures {
  private static final Pattern USED = Pattern.compile("\\bused ([0-9]+)K");
  private static final String JCMD =
      Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();

  /**
   * Bytes on the heap right after a full collection, which this asks for; empty when the process is
   * no JVM.
   */
  public static OptionalDouble liveBytes(long pid) throws IOException, InterruptedException {
    if (!ProcessHandle.of(pid).flatMap(each -> each.info().command()).orElse("").endsWith("java")) {
      return OptionalDouble.empty();
    }
    run(pid, "GC.run");
    // Serial tells its young and old generation; G1 the heap as a whole. Metaspace comes last.
    String heap = run(pid, "GC.heap_info").replaceFirst("(?s)Metaspace.*", "");
    double kilobytes = 0;
    Matcher matcher = USED.matcher(heap);
    while (matcher.find()) {
      kilobytes += Long.parseLong(matcher.group(1));
    }
    return OptionalDouble.of(kilobytes * 1024);
  }

  private static String run(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(JCMD, Long.toString(pid), command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd %d %s: %s".formatted(pid, command, said));
    }
    return said;
  }

  private HeapFigures() {}
}
