package manycast.system.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.system.bench.host.HeapFigures;
import manycast.system.bench.host.ProcessFigures;
import manycast.system.bench.peer.Peer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.SinkOptions;
import org.jspecify.annotations.Nullable;

/**
 * {@code memory}: resident bytes at rest and at work, and what one more destination or ingest adds.
 * Each figure comes from a process of its own, after the same time: one that has been larger does
 * not get small again.
 */
final class MemoryBenchmark implements Benchmark {
  private static final int RUNS = 3;
  private static final double KILOBYTE = 1024;
  private static final double MEGABYTE = 1024 * 1024;
  private static final Point FEW = new Point(1, 10);
  private static final Point MANY = new Point(1, 200);
  private static final Point ONE_INGEST = new Point(1, 5);
  private static final Point MORE_INGESTS = new Point(20, 5);

  /** One process, once. */
  private record Sample(double rss, double pss, double heap) {}

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<Map<String, Object>> slopes = new ArrayList<>();
    for (Peer peer : lab.peers(Flush.ADAPTIVE.settings())) {
      Map<String, List<Sample>> samples = new LinkedHashMap<>();
      int runs = Math.min(RUNS, lab.arguments().windows());
      for (int i = 0; i < runs; i++) {
        keep(samples, "at rest", sample(lab, peer, FEW, false));
        for (Point point : List.of(FEW, MANY, ONE_INGEST, MORE_INGESTS)) {
          keep(samples, point.toString(), sample(lab, peer, point, true));
        }
      }
      samples.forEach((what, found) -> rows.add(row(peer.name(), what, found)));
      slopes.add(slope(peer.name(), samples));
    }
    report.add("memory", rows);
    report.add("memory, what one more adds", slopes);
  }

  private static void keep(Map<String, List<Sample>> samples, String what, Sample sample) {
    samples.computeIfAbsent(what, key -> new ArrayList<>()).add(sample);
  }

  private static Sample sample(Lab lab, Peer peer, Point point, boolean fed)
      throws IOException, InterruptedException {
    Duration age = lab.arguments().settle().plus(lab.arguments().length());
    try (Server server = peer.start(point, lab.sinkPort())) {
      Sample sample = fed ? fed(lab, server, point, age) : after(server, age);
      lab.say(
          "%s %s: %s MB"
              .formatted(
                  peer.name(), fed ? point : "at rest", Spread.written(sample.rss / MEGABYTE)));
      return sample;
    }
  }

  private static Sample fed(Lab lab, Server server, Point point, Duration age)
      throws IOException, InterruptedException {
    try (Feed feed = Feed.start(lab, server, point, SinkOptions.CHEAP)) {
      feed.requireAlive();
      return after(server, age);
    }
  }

  private static Sample after(Server server, Duration age)
      throws IOException, InterruptedException {
    Thread.sleep(age);
    long pid = server.pid();
    double rss = ProcessFigures.rssBytes(pid);
    double pss = ProcessFigures.pssBytes(pid);
    return new Sample(rss, pss, HeapFigures.liveBytes(pid).orElse(0));
  }

  private static Map<String, Object> row(String peer, String what, List<Sample> samples) {
    Map<String, Object> row = Report.row();
    row.put("server", peer);
    row.put("point", what);
    row.put("RSS MB", spread(samples.stream().map(each -> each.rss / MEGABYTE).toList()));
    row.put("PSS MB", spread(samples.stream().map(each -> each.pss / MEGABYTE).toList()));
    row.put("live heap MB", heap(samples));
    return row;
  }

  private static Object heap(List<Sample> samples) {
    return samples.stream().allMatch(each -> each.heap == 0)
        ? ""
        : spread(samples.stream().map(each -> each.heap / MEGABYTE).toList());
  }

  private static Map<String, Object> slope(String peer, Map<String, List<Sample>> samples) {
    Map<String, Object> row = Report.row();
    row.put("server", peer);
    row.put(
        "destination, KB (1x10 → 1x200)",
        slope(samples.get(FEW.toString()), samples.get(MANY.toString()), 190, KILOBYTE));
    row.put(
        "ingest with 5, MB (1x5 → 20x5)",
        slope(
            samples.get(ONE_INGEST.toString()),
            samples.get(MORE_INGESTS.toString()),
            19,
            MEGABYTE));
    return row;
  }

  private static Spread slope(
      @Nullable List<Sample> small, @Nullable List<Sample> large, int more, double unit) {
    List<Double> slopes = new ArrayList<>();
    if (small != null && large != null) {
      for (int i = 0; i < small.size(); i++) {
        slopes.add((large.get(i).rss - small.get(i).rss) / more / unit);
      }
    }
    return spread(slopes);
  }

  private static Spread spread(List<Double> figures) {
    return Spread.of(figures);
  }
}
