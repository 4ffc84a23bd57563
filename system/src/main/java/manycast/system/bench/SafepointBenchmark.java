package manycast.system.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import manycast.system.bench.peer.ManycastPeer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.SinkOptions;

/** {@code safepoint}: the longest time that the JVM stopped all threads of a working node. */
final class SafepointBenchmark implements Benchmark {
  private static final List<Point> POINTS = List.of(new Point(1, 200));

  /** As {@code -Xlog:safepoint} writes it, after seconds since the JVM's start. */
  private static final Pattern STOP =
      Pattern.compile("\\[([0-9.]+)s\\].*Safepoint \"([^\"]+)\".* Total: +([0-9]+) ns");

  private record Stop(double atSeconds, String reason, double millis) {}

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    for (Point point : lab.pointsOr(POINTS)) {
      Path log = Files.createTempFile("manycast-safepoints", ".log");
      try {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Flush flush : List.of(Flush.IMMEDIATE)) {
          rows.add(watch(lab, report, point, flush, log));
        }
        report.add("safepoint " + point, rows);
      } finally {
        Files.delete(log);
      }
    }
  }

  private static Map<String, Object> watch(
      Lab lab, Report report, Point point, Flush flush, Path log)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(lab.arguments().jvmFlags());
    flags.add("-Xlog:safepoint:file=%s:uptime:filecount=0".formatted(log));
    Duration warmUp = lab.arguments().warmUp();
    Window window;
    try (Server server =
            new ManycastPeer(Lab.MANYCAST, "rtmp", lab.manycast(), flush.settings(), flags)
                .start(point, lab.sinkPort());
        Feed feed = Feed.start(lab, server, point, SinkOptions.EXACT)) {
      lab.say("%s: watching for %d min".formatted(point, lab.arguments().watch().toMinutes()));
      window = feed.measure(warmUp, lab.arguments().watch());
    }
    if (!window.sink().isClean()) {
      report.fault("safepoint %s: %s".formatted(point, window.sink().faults()));
    }
    List<Stop> all = stops(log);
    double from = warmUp.toMillis() / 1000.0;
    List<Stop> warm = all.stream().filter(stop -> stop.atSeconds >= from).toList();
    Map<String, Object> row = Report.row();
    row.put("minutes", lab.arguments().watch().toMinutes());
    row.put("safepoints", warm.size());
    put(row, "longest", warm);
    put(row, "longest with warm-up", all);
    row.put("CPU-s/GB", window.cpuPerGigabyte());
    row.put("p99.9 ms", window.p999());
    row.put("longest latency ms", window.sink().latency().max());
    row.put("lost", window.sink().lost());
    return row;
  }

  private static void put(Map<String, Object> row, String name, List<Stop> stops) {
    stops.stream()
        .max(Comparator.comparingDouble(Stop::millis))
        .ifPresent(
            stop -> {
              row.put(name + " ms", stop.millis);
              row.put(name + ": why", stop.reason);
            });
  }

  private static List<Stop> stops(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .map(STOP::matcher)
          .filter(Matcher::find)
          .map(
              found ->
                  new Stop(
                      Double.parseDouble(found.group(1)),
                      found.group(2),
                      Long.parseLong(found.group(3)) / 1e6))
          .toList();
    }
  }
}
