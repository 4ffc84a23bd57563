package manycast.system.bench;

import manycast.system.bench.tools.SinkReport;

/**
 * What was measured in one window.
 *
 * @param cpuSeconds of the server
 * @param othersBusy share of the busiest other core, where sink and publisher run, 0 to 1
 * @param stolen seconds that the hypervisor took from the server's core
 */
record Window(
    double seconds, double cpuSeconds, double othersBusy, double stolen, SinkReport sink) {

  /** Seconds of the server's processor time for each 10^9 bytes that arrived. */
  double cpuPerGigabyte() {
    return cpuSeconds / (sink.bytes() / 1e9);
  }

  /** Share of the server's core, in percent. */
  double corePercent() {
    return cpuSeconds / seconds * 100;
  }

  double megabitsPerSecond() {
    return sink.bytes() * 8 / 1e6 / seconds;
  }

  /** Milliseconds from the publisher to the sink, half of all pictures. */
  double p50() {
    return sink.latency().p50();
  }

  /** The same, all but one in a hundred. */
  double p99() {
    return sink.latency().p99();
  }

  /** The same, all but one in a thousand. */
  double p999() {
    return sink.latency().p999();
  }
}
