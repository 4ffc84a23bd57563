package manycast.system.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manycast.launcher.installation.NodePorts;
import manycast.system.bench.peer.MediaNode;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.peer.Streams;
import manycast.system.bench.tools.LoadTools;
import manycast.system.bench.tools.SinkCertificate;
import manycast.system.bench.tools.SinkOptions;

/**
 * {@code reconnect}: all destinations of one broadcast are hung up on at once and connect again,
 * plain and over TLS, while a neighbour's broadcast goes on on the same loop: the server has one
 * core, so it has one loop. The neighbour's pictures are timed from the cut until the last one is
 * back, and for comparison while nothing happens. The tools that time it go before those of the
 * load, with which they share what cores there are: all destinations that catch up at once fill the
 * core of the sinks, and that is not the server's latency.
 */
final class ReconnectBenchmark implements Benchmark {
  private static final Point MANY = new Point(1, 200);
  private static final Point NEIGHBOUR = new Point(1, 10);
  private static final Duration AT_LEAST = Duration.ofSeconds(2);
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final String BACK = "back";

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    // Other tools have no sink that speaks TLS, nor one that hangs up.
    Lab ours = lab.with(lab.ours());
    Point many = lab.pointsOr(List.of(MANY)).getFirst();
    LoadTools timing = lab.tools().first();
    List<Map<String, Object>> rows = new ArrayList<>();
    try (SinkCertificate certificate = SinkCertificate.make()) {
      for (String scheme : List.of("rtmp", "rtmps")) {
        SinkOptions sink =
            scheme.equals("rtmp") ? SinkOptions.CHEAP : SinkOptions.CHEAP.with(certificate.words());
        Map<String, String> settings = new HashMap<>(Flush.IMMEDIATE.settings());
        settings.putAll(certificate.trusted());
        rows.addAll(new Storm(ours, timing, report, many, scheme, sink, settings).rows());
      }
    }
    report.add(
        "reconnect, %s beside %s; the neighbour by %s".formatted(many, NEIGHBOUR, timing.name()),
        rows);
  }

  /** One node and the two broadcasts on it. */
  private record Storm(
      Lab lab,
      LoadTools timing,
      Report report,
      Point many,
      String scheme,
      SinkOptions sink,
      Map<String, String> settings) {

    List<Map<String, Object>> rows() throws IOException, InterruptedException {
      int neighbourPort = NodePorts.freePorts(1).getFirst();
      String manyKeys = "many-%s-".formatted(scheme);
      String neighbourKeys = "neighbour-%s-".formatted(scheme);
      try (Streams streams = lab.manycast().streams()) {
        streams.make(manyKeys, many, scheme, lab.sinkPort());
        streams.make(neighbourKeys, NEIGHBOUR, "rtmp", neighbourPort);
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      try (MediaNode node = lab.manycast().startNode(settings, lab.arguments().jvmFlags())) {
        Server manys = node.server(manyKeys);
        Server neighbours = node.server(neighbourKeys);
        warmUp(manys, neighbours, neighbourPort);
        for (int round = 1; round <= lab.arguments().windows(); round++) {
          rows.add(window(manys, neighbours, neighbourPort, false));
          rows.add(window(manys, neighbours, neighbourPort, true));
        }
      }
      return rows;
    }

    private void warmUp(Server manys, Server neighbours, int neighbourPort)
        throws IOException, InterruptedException {
      try (Feed neighbour = feedNeighbour(neighbours, neighbourPort);
          Feed feed = feedMany(manys, sink)) {
        Thread.sleep(lab.arguments().warmUp());
        neighbour.requireAlive();
        feed.requireAlive();
      }
    }

    private Feed feedNeighbour(Server server, int port) throws IOException, InterruptedException {
      return Feed.start(timing, timing, port, server, NEIGHBOUR, SinkOptions.EXACT);
    }

    private Feed feedMany(Server server, SinkOptions options)
        throws IOException, InterruptedException {
      return Feed.start(lab, server, many, options);
    }

    private Map<String, Object> window(
        Server manys, Server neighbours, int neighbourPort, boolean cut)
        throws IOException, InterruptedException {
      SinkOptions options = cut ? sink.with(List.of("--cut", "0")) : sink;
      Window window;
      String back = "";
      try (Feed neighbour = feedNeighbour(neighbours, neighbourPort);
          Feed feed = feedMany(manys, options)) {
        Thread.sleep(lab.arguments().settle());
        if (cut) {
          window =
              neighbour.measureUntil(
                  () -> !feed.sinkSaid(BACK).isEmpty(), AT_LEAST, AT_MOST, feed::startWindow);
          back = feed.sinkSaid(BACK).getFirst().substring(BACK.length()).strip();
        } else {
          window = neighbour.measure(Duration.ZERO, lab.arguments().length());
        }
      }
      String what = scheme + (cut ? ", all reconnect" : ", nothing happens");
      if (!window.sink().isClean()) {
        report.fault("reconnect, %s: the neighbour: %s".formatted(what, window.sink().faults()));
      }
      lab.say("%s: the neighbour's p99 %s ms".formatted(what, Spread.written(window.p99())));
      Map<String, Object> row = Report.row();
      row.put("destinations by", what);
      row.put("all back after ms", back);
      row.put("seconds", window.seconds());
      row.put("core %", window.corePercent());
      row.put("neighbour's p50 ms", window.p50());
      row.put("p99 ms", window.p99());
      row.put("p99.9 ms", window.p999());
      row.put("longest ms", window.sink().latency().max());
      row.put("lost", window.sink().lost());
      return row;
    }
  }
}
