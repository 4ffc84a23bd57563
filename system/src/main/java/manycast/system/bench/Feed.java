package manycast.system.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import manycast.system.bench.host.CoreTimes;
import manycast.system.bench.host.ProcessFigures;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.SinkOptions;
import manycast.system.bench.tools.SinkReport;
import manycast.system.bench.tools.ToolProcess;

/**
 * A server at work: a publisher in front of it and a sink behind it, from the first byte until
 * {@link #close}. Owns both, not the server.
 */
final class Feed implements AutoCloseable {
  private static final long LISTEN_SECONDS = 20;
  private static final long READY_SECONDS = 120;

  private final Server server;
  private final ToolProcess sink;
  private final ToolProcess publisher;

  private Feed(Server server, ToolProcess sink, ToolProcess publisher) {
    this.server = server;
    this.sink = sink;
    this.publisher = publisher;
  }

  /** Begins to publish; returns when every destination publishes to the sink. */
  static Feed start(Lab lab, Server server, Point point, SinkOptions options)
      throws IOException, InterruptedException {
    ToolProcess sink = lab.tools().sink(lab.sinkPort(), point.relays(), options);
    ToolProcess publisher = null;
    boolean ready = false;
    try {
      awaitListening(sink, lab.sinkPort());
      publisher = lab.tools().publish(server.publishUrl(), point.ingests());
      sink.await("ready", READY_SECONDS);
      ready = true;
      return new Feed(server, sink, publisher);
    } finally {
      if (!ready) {
        sink.close();
        if (publisher != null) {
          publisher.close();
        }
      }
    }
  }

  /** Feeds it for so long, and measures nothing. */
  static void warmUp(Lab lab, Server server, Point point, Duration length)
      throws IOException, InterruptedException {
    if (length.isPositive()) {
      try (Feed feed = start(lab, server, point, SinkOptions.CHEAP)) {
        Thread.sleep(length);
        feed.requireAlive();
      }
    }
  }

  private static void awaitListening(ToolProcess sink, int port)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(LISTEN_SECONDS).toNanos();
    while (true) {
      sink.requireAlive();
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (probe.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
      }
      Thread.sleep(10);
    }
  }

  /** Waits, then measures for so long. Once only: the sink ends with its report. */
  Window measure(Duration settle, Duration length) throws IOException, InterruptedException {
    return measure(settle, length, () -> {}, () -> {});
  }

  /** The same, with something more to do at the window's begin and end. */
  Window measure(Duration settle, Duration length, Runnable begins, Runnable ends)
      throws IOException, InterruptedException {
    Thread.sleep(settle);
    long pid = server.pid();
    CoreTimes cores = CoreTimes.now();
    double cpu = ProcessFigures.cpuSeconds(pid);
    long begin = System.nanoTime();
    sink.startWindow();
    begins.run();
    Thread.sleep(length);
    ends.run();
    double cpuSeconds = ProcessFigures.cpuSeconds(server.pid()) - cpu;
    double seconds = (System.nanoTime() - begin) / 1e9;
    CoreTimes coresThen = CoreTimes.now();
    SinkReport report = SinkReport.of(sink.end());
    return new Window(
        seconds,
        cpuSeconds,
        coresThen.othersBusySince(cores) / seconds,
        coresThen.serverStolenSince(cores),
        report);
  }

  /** Makes sure that publisher and sink are at work. */
  void requireAlive() throws IOException {
    sink.requireAlive();
    publisher.requireAlive();
  }

  /** The publisher says goodbye. */
  @Override
  public void close() throws IOException, InterruptedException {
    try (publisher;
        sink) {
      publisher.end();
    }
  }
}
