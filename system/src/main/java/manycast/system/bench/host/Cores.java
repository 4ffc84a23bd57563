package manycast.system.bench.host;

import java.util.ArrayList;
import java.util.List;

/**
 * Which cores belong to whom: the first to the server that is measured, all others to whatever
 * surrounds it.
 *
 * @param server as {@code taskset -c} reads it
 * @param others the same; empty where there is only one core
 */
public record Cores(String server, String others) {
  /** The cores of this machine. */
  public static Cores ofThisMachine() {
    int count = Runtime.getRuntime().availableProcessors();
    return switch (count) {
      case 1 -> new Cores("0", "");
      case 2 -> new Cores("0", "1");
      default -> new Cores("0", "1-" + (count - 1));
    };
  }

  /** A command that runs where servers do. */
  public List<String> onServerCore(List<String> command) {
    return pinned(server, command);
  }

  /** A command that runs where servers don't. */
  public List<String> onOtherCores(List<String> command) {
    return pinned(others, command);
  }

  private static List<String> pinned(String cores, List<String> command) {
    if (cores.isEmpty()) {
      return command;
    }
    List<String> whole = new ArrayList<>(List.of("taskset", "-c", cores));
    whole.addAll(command);
    return whole;
  }
}
