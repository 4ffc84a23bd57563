package manycast.system.bench.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long each core has been busy, and how long the hypervisor kept it from us, in seconds since
 * the machine started: {@code /proc/stat}.
 */
public record CoreTimes(List<Core> cores) {
  /** /proc counts in hundredths of a second whatever the kernel's own tick is. */
  private static final double TICKS_PER_SECOND = 100;

  /** One core's seconds. */
  public record Core(double busy, double stolen) {}

  public static CoreTimes now() throws IOException {
    List<Core> cores = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
      if (line.matches("cpu[0-9]+ .*")) {
        String[] fields = line.split(" +");
        // user nice system idle iowait irq softirq steal
        cores.add(new Core(sum(fields, 1, 2, 3, 6, 7), sum(fields, 8)));
      }
    }
    return new CoreTimes(cores);
  }

  private static double sum(String[] fields, int... indexes) {
    double sum = 0;
    for (int index : indexes) {
      sum += Long.parseLong(fields[index]);
    }
    return sum / TICKS_PER_SECOND;
  }

  /** Seconds that the server's core was busy since then. */
  public double serverBusySince(CoreTimes then) {
    return cores.getFirst().busy() - then.cores.getFirst().busy();
  }

  /** Seconds that the hypervisor took from the server's core since then. */
  public double serverStolenSince(CoreTimes then) {
    return cores.getFirst().stolen() - then.cores.getFirst().stolen();
  }

  /** Seconds that the busiest of the other cores was busy since then. */
  public double othersBusySince(CoreTimes then) {
    double most = 0;
    for (int i = Math.min(1, cores.size() - 1); i < cores.size(); i++) {
      most = Math.max(most, cores.get(i).busy() - then.cores.get(i).busy());
    }
    return most;
  }
}
