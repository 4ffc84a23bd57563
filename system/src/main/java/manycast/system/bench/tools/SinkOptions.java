package manycast.system.bench.tools;

import java.util.ArrayList;
import java.util.List;

/**
 * How a sink behaves.
 *
 * @param checked whether every payload is compared with the clip by its CRC
 * @param coalesceMs how long it sleeps between rounds of reading, to be cheap; 0 for not
 * @param perConnection whether its report lists the connections
 * @param receiveBuffer bytes of the sockets' receive buffers; 0 for the kernel's own
 * @param more further words, such as {@code --stall}
 */
public record SinkOptions(
    boolean checked, int coalesceMs, boolean perConnection, int receiveBuffer, List<String> more) {
  /** Checks everything. */
  public static final SinkOptions EXACT = new SinkOptions(true, 0, false, 0, List.of());

  /** As cheap as can be: stamps only. */
  public static final SinkOptions CHEAP = new SinkOptions(false, 4, false, 0, List.of());

  /** The same with these words more. */
  public SinkOptions with(List<String> others) {
    List<String> all = new ArrayList<>(more);
    all.addAll(others);
    return new SinkOptions(checked, coalesceMs, perConnection, receiveBuffer, List.copyOf(all));
  }

  List<String> words() {
    List<String> words = new ArrayList<>();
    if (!checked) {
      words.add("--nocrc");
    }
    if (coalesceMs > 0) {
      words.addAll(List.of("--coalesce-ms", Integer.toString(coalesceMs)));
    }
    if (perConnection) {
      words.add("--per-conn");
    }
    if (receiveBuffer > 0) {
      words.addAll(List.of("--rcvbuf", Integer.toString(receiveBuffer)));
    }
    words.addAll(more);
    return words;
  }
}
