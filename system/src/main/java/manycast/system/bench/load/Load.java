package manycast.system.bench.load;

import java.io.IOException;
import java.util.List;
import sun.misc.Signal;

/**
 * A tool as a process: {@code publish}, {@code sink} or {@code floor}, with the words of rtmpload
 * that the benchmarks use. SIGUSR1 begins a measuring window; SIGTERM has it report, in one JSON
 * object, and end.
 */
public final class Load {
  /** Of the key store of a sink that speaks TLS: it guards a key that is made for one run. */
  public static final String KEY_STORE_PASSWORD = "benchmark";

  private volatile boolean windowWanted;
  private volatile boolean endWanted;

  static void main(String[] args) throws IOException {
    Load load = new Load();
    Signal.handle(new Signal("USR1"), signal -> load.windowWanted = true);
    Signal.handle(new Signal("TERM"), signal -> load.endWanted = true);
    Options options = new Options(List.of(args).subList(Math.min(1, args.length), args.length));
    switch (args.length == 0 ? "" : args[0]) {
      case "publish" -> new PublishTool(options, load).run();
      case "sink" -> new SinkTool(options, load).run();
      case "floor" -> new FloorTool(options, load).run();
      default -> throw new IllegalArgumentException("publish, sink or floor");
    }
    System.exit(0);
  }

  /** Whether a window is to begin; asked for once. */
  boolean takeWindow() {
    boolean wanted = windowWanted;
    windowWanted = false;
    return wanted;
  }

  /** Whether it is to report and end. */
  boolean isOver() {
    return endWanted;
  }
}
