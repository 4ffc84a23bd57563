package manycast.system.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Paired windows as tables: a row for each server, and for machines a row for each window. */
record Comparison(String title, PairedWindows measured) {
  void into(Report report) throws IOException {
    List<Map<String, Object>> servers = new ArrayList<>();
    List<Map<String, Object>> windows = new ArrayList<>();
    for (String name : measured.names()) {
      servers.add(server(name));
      int round = 0;
      for (Window window : measured.windows(name)) {
        windows.add(window(name, ++round, window));
        if (!window.sink().isClean()) {
          report.fault(
              "%s, %s, round %d: %s".formatted(title, name, round, window.sink().faults()));
        }
      }
    }
    report.addForMachines(title + ", windows", windows);
    report.add(title, servers);
  }

  private Map<String, Object> server(String name) {
    Map<String, Object> row = Report.row();
    row.put("server", name);
    row.put("windows", measured.windows(name).size());
    row.put("CPU-s/GB", measured.spread(name, Window::cpuPerGigabyte));
    if (measured.hasFloor()) {
      row.put("× floor", measured.timesFloor(name, Window::cpuPerGigabyte));
    }
    row.put("core %", measured.spread(name, Window::corePercent));
    row.put("p50 ms", measured.spread(name, window -> window.sink().latency().p50()));
    row.put("p99 ms", measured.spread(name, window -> window.sink().latency().p99()));
    row.put("p99.9 ms", measured.spread(name, window -> window.sink().latency().p999()));
    row.put("lost", measured.windows(name).stream().mapToLong(each -> each.sink().lost()).sum());
    Window first = measured.first(name);
    row.put("first 10 s: CPU-s/GB", first == null ? "" : (Object) first.cpuPerGigabyte());
    row.put("p99 ms ", first == null ? "" : (Object) first.sink().latency().p99());
    return row;
  }

  private static Map<String, Object> window(String name, int round, Window window) {
    Map<String, Object> row = Report.row();
    row.put("server", name);
    row.put("round", round);
    row.put("cpuPerGigabyte", window.cpuPerGigabyte());
    row.put("corePercent", window.corePercent());
    row.put("megabitsPerSecond", window.megabitsPerSecond());
    row.put("othersBusy", window.othersBusy());
    row.put("stolenSeconds", window.stolen());
    row.put("p50Ms", window.sink().latency().p50());
    row.put("p99Ms", window.sink().latency().p99());
    row.put("p999Ms", window.sink().latency().p999());
    row.put("maxMs", window.sink().latency().max());
    row.put("lost", window.sink().lost());
    row.put("damaged", window.sink().damaged());
    row.put("closed", window.sink().closed());
    return row;
  }
}
