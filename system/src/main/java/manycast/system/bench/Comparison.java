package manycast.system.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Paired windows as tables: a row for each server, and for machines a row for each window. */
record Comparison(String title, PairedWindows measured) {
  /** What a row of a server tells. */
  @FunctionalInterface
  private interface Figures {
    void into(Map<String, Object> row, String server);
  }

  /** The table about processor time. */
  void costInto(Report report) throws IOException {
    into(report, this::cost);
  }

  /** The table about latency, with its distance from the floor's in the same round. */
  void latencyInto(Report report) throws IOException {
    into(report, this::latency);
  }

  private void into(Report report, Figures figures) throws IOException {
    List<Map<String, Object>> servers = new ArrayList<>();
    List<Map<String, Object>> windows = new ArrayList<>();
    for (String name : measured.names()) {
      Map<String, Object> row = Report.row();
      row.put("server", name);
      row.put("windows", measured.windows(name).size());
      figures.into(row, name);
      servers.add(row);
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

  private void cost(Map<String, Object> row, String name) {
    row.put("CPU-s/GB", measured.spread(name, Window::cpuPerGigabyte));
    if (measured.hasFloor()) {
      row.put("× floor", measured.timesFloor(name, Window::cpuPerGigabyte));
    }
    row.put("core %", measured.spread(name, Window::corePercent));
    row.put("p50 ms", measured.spread(name, Window::p50));
    row.put("p99 ms", measured.spread(name, Window::p99));
    row.put("p99.9 ms", measured.spread(name, Window::p999));
    row.put("lost", lost(name));
    Window first = measured.first(name);
    row.put("first 10 s: CPU-s/GB", first == null ? "" : (Object) first.cpuPerGigabyte());
    row.put("first 10 s: p99 ms", first == null ? "" : (Object) first.p99());
  }

  private void latency(Map<String, Object> row, String name) {
    row.put("p50 ms", measured.spread(name, Window::p50));
    row.put("p99 ms", measured.spread(name, Window::p99));
    row.put("p99.9 ms", measured.spread(name, Window::p999));
    if (measured.hasFloor()) {
      row.put("p50 − floor", measured.overFloor(name, Window::p50));
      row.put("p99 − floor", measured.overFloor(name, Window::p99));
      row.put("p99.9 − floor", measured.overFloor(name, Window::p999));
    }
    row.put(
        "longest ms",
        measured.windows(name).stream()
            .mapToDouble(each -> each.sink().latency().max())
            .max()
            .orElse(0));
    row.put("lost", lost(name));
  }

  private long lost(String name) {
    return measured.windows(name).stream().mapToLong(each -> each.sink().lost()).sum();
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
    row.put("p50Ms", window.p50());
    row.put("p99Ms", window.p99());
    row.put("p999Ms", window.p999());
    row.put("maxMs", window.sink().latency().max());
    row.put("lost", window.sink().lost());
    row.put("damaged", window.sink().damaged());
    row.put("closed", window.sink().closed());
    return row;
  }
}
