package manycast.system.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manycast.system.bench.peer.ManycastPeer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.tools.SinkCertificate;
import manycast.system.bench.tools.SinkOptions;

/**
 * {@code rtmps}: what a gigabyte to destinations costs over TLS, beside the same node's plain RTMP
 * in the same rounds. Each destination has its own ciphertext, so nothing is shared behind the wire
 * image.
 */
final class RtmpsBenchmark implements Benchmark {
  private static final List<Point> POINTS = List.of(new Point(1, 50), new Point(1, 100));
  private static final String TLS = "manycast, TLS";

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    // Other tools have no sink that speaks TLS.
    Lab ours = lab.with(lab.ours());
    try (SinkCertificate certificate = SinkCertificate.make()) {
      Map<String, String> settings = new HashMap<>(Flush.IMMEDIATE.settings());
      settings.putAll(certificate.trusted());
      ManycastPeer plain = ours.manycast(settings);
      ManycastPeer tls =
          new ManycastPeer(TLS, "rtmps", plain.manycast(), settings, plain.jvmFlags());
      for (Point point : lab.pointsOr(POINTS)) {
        PairedWindows measured =
            PairedWindows.measure(
                ours,
                List.of(plain, tls),
                point,
                peer -> peer.equals(tls) ? overTls(certificate) : SinkOptions.EXACT);
        new Comparison("rtmps " + point, measured).costInto(report);
        report.add("rtmps " + point + ", TLS beside plain", compared(measured, point));
      }
    }
  }

  private static SinkOptions overTls(SinkCertificate certificate) {
    return SinkOptions.EXACT.with(certificate.words());
  }

  private static List<Map<String, Object>> compared(PairedWindows measured, Point point) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String name : measured.names()) {
      Map<String, Object> row = Report.row();
      row.put("server", name);
      row.put("× plain", measured.times(name, Lab.MANYCAST, Window::cpuPerGigabyte));
      row.put(
          "destinations of a core (extrapolated, not measured)",
          measured.spread(name, window -> point.relays() / (window.corePercent() / 100)));
      rows.add(row);
    }
    return rows;
  }
}
