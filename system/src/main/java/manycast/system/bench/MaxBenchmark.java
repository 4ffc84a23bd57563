package manycast.system.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manycast.system.bench.peer.FloorPeer;
import manycast.system.bench.peer.Peer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.SinkOptions;

/**
 * {@code max}: how many destinations of one ingest a server sustains. A number is sustained when
 * all publish, nothing is lost, nobody is hung up on, the bytes keep up and p99 stays below half a
 * second. Where a number fails while the other core is almost full, or a floor that batches fails
 * at it too, the machine is the limit, not the server.
 */
final class MaxBenchmark implements Benchmark {
  private static final int START = 400;
  private static final int MOST = 6000;

  /** Bisection ends when the two sides are this near. */
  private static final double RESOLUTION = 0.05;

  private static final double KEEPS_UP = 0.97;
  private static final double MOST_P99_MS = 500;
  private static final double MACHINE_IS_FULL = 0.85;
  private static final int BATCH_MS = 80;

  /** For a JVM to compile what the new load makes hot. */
  private static final Duration SETTLE = Duration.ofSeconds(8);

  private final List<Map<String, Object>> tries = new ArrayList<>();

  /** How it went with a number of destinations. */
  private record Try(boolean sustained, double othersBusy, String why) {}

  /** The largest number that was sustained, and the smallest that was not; 0 for none. */
  private record Bounds(int sustained, int failed, boolean machineFull) {}

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    List<Map<String, Object>> rows = new ArrayList<>();
    int floor = 0;
    double clip = megabitsPerSecond(lab);
    for (Peer peer : lab.peers(Flush.ADAPTIVE.settings())) {
      Bounds bounds = search(lab, peer, clip);
      floor = peer.name().equals(Lab.FLOOR) ? bounds.sustained : floor;
      Map<String, Object> row = Report.row();
      row.put("server", peer.name());
      row.put("destinations", bounds.sustained);
      row.put("Gbit/s", bounds.sustained * clip / 1000);
      row.put("× floor", floor == 0 ? "" : (Object) ((double) bounds.sustained / floor));
      row.put("failed at", bounds.failed == 0 ? "" : (Object) bounds.failed);
      row.put("limit", limit(lab, peer, bounds, clip));
      rows.add(row);
    }
    report.addForMachines("max, tries", tries);
    report.add("max", rows);
  }

  private static double megabitsPerSecond(Lab lab) throws IOException, InterruptedException {
    Point point = new Point(1, 1);
    try (Server server = FloorPeer.plain(lab.tools()).start(point, lab.sinkPort());
        Feed feed = Feed.start(lab, server, point, SinkOptions.CHEAP)) {
      return feed.measure(Duration.ZERO, Duration.ofSeconds(8)).megabitsPerSecond();
    }
  }

  private Bounds search(Lab lab, Peer peer, double clip) throws IOException, InterruptedException {
    int sustained = 0;
    int failed = 0;
    boolean machineFull = false;
    int next = START;
    while (next > 0) {
      Try found = attempt(lab, peer, next, clip);
      if (found.sustained) {
        sustained = next;
      } else {
        failed = next;
        machineFull = found.othersBusy > MACHINE_IS_FULL;
      }
      next = next(sustained, failed);
    }
    return new Bounds(sustained, failed, machineFull);
  }

  /** Doubles until one fails, then halves what is between; 0 when it is known well enough. */
  private static int next(int sustained, int failed) {
    if (failed == 0) {
      return sustained >= MOST ? 0 : Math.min(MOST, sustained * 2);
    }
    return failed - sustained <= Math.max(1, sustained * RESOLUTION) ? 0 : (sustained + failed) / 2;
  }

  private Try attempt(Lab lab, Peer peer, int destinations, double clip)
      throws IOException, InterruptedException {
    Point point = new Point(1, destinations);
    Try found;
    Map<String, Object> row = Report.row();
    row.put("server", peer.name());
    row.put("destinations", destinations);
    try (Server server = peer.start(point, lab.sinkPort());
        Feed feed = Feed.start(lab, server, point, SinkOptions.CHEAP)) {
      Window window = feed.measure(SETTLE, lab.arguments().length());
      found = judge(window, destinations, clip);
      row.put("megabitsPerSecond", window.megabitsPerSecond());
      row.put("corePercent", window.corePercent());
      row.put("cpuPerGigabyte", window.cpuPerGigabyte());
      row.put("p50Ms", window.p50());
      row.put("p99Ms", window.p99());
      row.put("othersBusy", window.othersBusy());
      row.put("stolenSeconds", window.stolen());
    } catch (IOException e) {
      found = new Try(false, 0, String.valueOf(e.getMessage()));
    }
    row.put("result", found.why);
    tries.add(row);
    lab.say("%s 1x%d: %s".formatted(peer.name(), destinations, found.why));
    return found;
  }

  private static Try judge(Window window, int destinations, double clip) {
    String why;
    if (!window.sink().isClean()) {
      why = window.sink().faults();
    } else if (window.sink().published() < destinations) {
      why = "only %d publish".formatted(window.sink().published());
    } else if (window.megabitsPerSecond() < KEEPS_UP * clip * destinations) {
      why = "falls behind: %s Mbit/s".formatted(Spread.written(window.megabitsPerSecond()));
    } else if (window.p99() > MOST_P99_MS) {
      why = "p99 %s ms".formatted(Spread.written(window.p99()));
    } else {
      return new Try(
          true,
          window.othersBusy(),
          "sustained, p99 %s ms, core %s %%, other core %s %%"
              .formatted(
                  Spread.written(window.p99()),
                  Spread.written(window.corePercent()),
                  Spread.written(window.othersBusy() * 100)));
    }
    return new Try(false, window.othersBusy(), why);
  }

  private String limit(Lab lab, Peer peer, Bounds bounds, double clip)
      throws IOException, InterruptedException {
    if (bounds.failed == 0) {
      return "not reached";
    }
    if (bounds.machineFull) {
      return "the sink's core";
    }
    if (!peer.name().equals(Lab.MANYCAST)) {
      return "";
    }
    Peer batching = new FloorPeer("floor, 80 ms", lab.tools(), BATCH_MS);
    return attempt(lab, batching, bounds.failed, clip).sustained
        ? "the server"
        : "the machine: a floor of 80 ms fails there too";
  }
}
