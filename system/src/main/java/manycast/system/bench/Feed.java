package manycast.system.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import manycast.system.bench.host.CoreTimes;
import manycast.system.bench.host.ProcessFigures;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.tools.LoadTools;
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
  private final Meter sinceStart;

  private Feed(Server server, ToolProcess sink, ToolProcess publisher) throws IOException {
    this.server = server;
    this.sinceStart = new Meter(server);
    this.sink = sink;
    this.publisher = publisher;
  }

  /** Begins to publish; returns when every destination publishes to the sink. */
  static Feed start(Lab lab, Server server, Point point, SinkOptions options)
      throws IOException, InterruptedException {
    return start(lab, lab.tools(), server, point, options);
  }

  /** The same with a sink of the given tools. */
  static Feed start(Lab lab, LoadTools sinks, Server server, Point point, SinkOptions options)
      throws IOException, InterruptedException {
    return start(lab.tools(), sinks, lab.sinkPort(), server, point, options);
  }

  /** The same with the sink on another port, and a publisher of the given tools. */
  static Feed start(
      LoadTools publishers,
      LoadTools sinks,
      int port,
      Server server,
      Point point,
      SinkOptions options)
      throws IOException, InterruptedException {
    ToolProcess sink = sinks.sink(port, point.relays(), options);
    ToolProcess publisher = null;
    boolean ready = false;
    try {
      awaitListening(sink, port);
      publisher = publishers.publish(server.publishUrl(), point.ingests());
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
    Meter meter = new Meter(server);
    sink.startWindow();
    begins.run();
    Thread.sleep(length);
    ends.run();
    return meter.window(sink);
  }

  /**
   * Measures from now on, at least for so long and until the condition holds; once only, as above.
   *
   * @throws IOException when it does not hold in time
   */
  Window measureUntil(BooleanSupplier enough, Duration atLeast, Duration atMost, Runnable begins)
      throws IOException, InterruptedException {
    Meter meter = new Meter(server);
    sink.startWindow();
    begins.run();
    long begin = System.nanoTime();
    Thread.sleep(atLeast);
    while (!enough.getAsBoolean()) {
      if (System.nanoTime() - begin > atMost.toNanos()) {
        throw new IOException("what was measured did not end within " + atMost);
      }
      Thread.sleep(5);
    }
    return meter.window(sink);
  }

  /** The sink's counters go to zero, and its planned cut comes. */
  void startWindow() {
    sink.startWindow();
  }

  /** Measures a window that began with the first byte and ends as soon as it is asked for. */
  Window measureToEnd() throws IOException, InterruptedException {
    return sinceStart.window(sink);
  }

  /** What the kernel counted when a window began. */
  private static final class Meter {
    private final Server server;
    private final CoreTimes cores = CoreTimes.now();
    private final double cpu;
    private final long begin = System.nanoTime();

    Meter(Server server) throws IOException {
      this.server = server;
      this.cpu = ProcessFigures.cpuSeconds(server.pid());
    }

    /** The window ends, and the sink with it. */
    Window window(ToolProcess sink) throws IOException, InterruptedException {
      double cpuSeconds = ProcessFigures.cpuSeconds(server.pid()) - cpu;
      double seconds = (System.nanoTime() - begin) / 1e9;
      CoreTimes end = CoreTimes.now();
      SinkReport report = SinkReport.of(sink.end());
      return new Window(
          seconds,
          cpuSeconds,
          end.othersBusySince(cores) / seconds,
          end.serverStolenSince(cores),
          report);
    }
  }

  /** The lines that the sink has said and that begin with this word. */
  List<String> sinkSaid(String word) {
    return sink.said(word);
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
