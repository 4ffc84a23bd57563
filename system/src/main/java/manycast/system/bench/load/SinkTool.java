package manycast.system.bench.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import manycast.system.bench.host.CpuClock;
import manycast.system.bench.kernel.Poller;
import manycast.system.bench.kernel.Sockets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An ingest server for any number of publishers that checks what arrives: every stamp, every
 * payload, every time.
 */
final class SinkTool {
  private static final int LISTENER = 0;
  private static final int WAIT_MS = 20;
  private static final long SECOND = 1_000_000_000;
  private static final long MILLI = 1_000_000;

  private final Load load;
  private final SinkConnection.Sources sources;
  private final int expected;
  private final int coalesceMs;
  private final boolean perConnection;
  private final boolean series;
  private final @Nullable Impairment impairment;
  private final @Nullable SSLContext tls;
  private final long cutNanos;
  private final int listening;
  private final Poller poller = new Poller();
  private final MemorySegment block = Arena.global().allocate(256 * 1024);
  private final List<SinkConnection> connections = new ArrayList<>();
  private final Histogram latency = new Histogram();
  private final Histogram latencyOfSecond = new Histogram();
  private final long beginNanos = System.nanoTime();
  private @Nullable SinkConnection impaired;
  private boolean impairedOff;
  private long windowNanos = beginNanos;
  private double windowCpu;
  private long secondNanos = beginNanos;
  private int published;
  private int publishing;
  private boolean cutting;
  private long cutAtNanos;

  SinkTool(Options options, Load load) throws IOException {
    this.load = load;
    this.expected = options.number("--expect", 0);
    this.coalesceMs = options.number("--coalesce-ms", 0);
    this.perConnection = options.has("--per-conn");
    this.series = options.has("--series");
    this.impairment = options.find("--stall").map(Impairment::parse).orElse(null);
    Optional<String> keyStore = options.find("--tls");
    this.tls = keyStore.isEmpty() ? null : TlsSide.context(Path.of(keyStore.get()));
    this.cutNanos = options.number("--cut", -1) * MILLI;
    this.sources = sources(options);
    this.listening = Sockets.listen(options.number("--port", 0), options.number("--rcvbuf", 0));
  }

  private static SinkConnection.Sources sources(Options options) throws IOException {
    if (options.has("--nocrc") || options.find("--flv").isEmpty()) {
      return new SinkConnection.Sources(null, null);
    }
    Clip clip = Clip.read(Path.of(options.need("--flv")));
    return new SinkConnection.Sources(
        new ClipIndex(clip, Tag.VIDEO), new ClipIndex(clip, Tag.AUDIO));
  }

  void run() throws IOException {
    poller.add(listening, Poller.READABLE, LISTENER);
    while (!load.isOver()) {
      if (load.takeWindow()) {
        beginWindow();
      }
      if (coalesceMs > 0 && publishing >= expected) {
        coalesce();
      }
      int ready = poller.await(WAIT_MS);
      for (int i = 0; i < ready; i++) {
        int index = poller.index(i);
        if (index == LISTENER) {
          accept();
        } else if (connections.get(index - 1).open) {
          read(connections.get(index - 1));
        }
      }
      impair();
      cut();
      if (series && System.nanoTime() - secondNanos >= SECOND) {
        tellSecond();
      }
    }
    System.out.println(report());
  }

  private void coalesce() {
    try {
      Thread.sleep(coalesceMs);
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  private void beginWindow() {
    latency.clear();
    connections.forEach(SinkConnection::clear);
    windowNanos = System.nanoTime();
    windowCpu = cpuSeconds();
    cutting = cutNanos >= 0;
  }

  private static double cpuSeconds() {
    return CpuClock.nanos(ProcessHandle.current().pid()) / 1e9;
  }

  private void accept() {
    int fd = Sockets.accept(listening);
    if (fd < 0) {
      return;
    }
    connections.add(
        new SinkConnection(
            fd, tls == null ? null : new TlsSide(tls), sources, List.of(latency, latencyOfSecond)));
    poller.add(fd, Poller.READABLE, connections.size());
  }

  private void read(SinkConnection connection) {
    long count = Sockets.receive(connection.fd, block);
    if (count == Sockets.WOULD_BLOCK) {
      return;
    }
    if (count <= 0) {
      close(connection);
      return;
    }
    boolean stands;
    try {
      connection.receive(block.asSlice(0, count).asByteBuffer(), System.nanoTime());
      if (connection.index < 0 && connection.ingest.isPublishing()) {
        onPublish(connection);
      }
      stands = connection.reply();
    } catch (IOException e) {
      System.err.println("connection " + connection.index + ": " + e.getMessage());
      stands = false;
    }
    if (!stands) {
      close(connection);
    }
  }

  private void onPublish(SinkConnection connection) {
    connection.index = published++;
    connection.publishedNanos = System.nanoTime();
    publishing++;
    if (impairment != null && impairment.index() == connection.index) {
      impaired = connection;
    }
    if (publishing == expected) {
      System.err.println("ready " + publishing);
      if (cutAtNanos != 0) {
        System.err.printf(
            Locale.ROOT, "back %.1f%n", (System.nanoTime() - cutAtNanos) / (double) MILLI);
        cutAtNanos = 0;
      }
    }
  }

  /** Closes everybody's connection at the time of a window that was asked for, once. */
  private void cut() {
    if (cutting && System.nanoTime() - windowNanos >= cutNanos) {
      cutting = false;
      cutAtNanos = System.nanoTime();
      connections.stream().filter(each -> each.open && each.index >= 0).forEach(this::close);
    }
  }

  private void close(SinkConnection connection) {
    Sockets.close(connection.fd);
    connection.open = false;
    connection.closedNanos = System.nanoTime();
    if (connection.index >= 0) {
      publishing--;
    }
  }

  /** Stops reading from the one that is to suffer, and goes on when it has. */
  private void impair() {
    SinkConnection one = impaired;
    if (one == null || impairment == null || !one.open) {
      return;
    }
    boolean off = impairment.isOn(System.nanoTime() - one.publishedNanos);
    if (off != impairedOff) {
      impairedOff = off;
      poller.change(one.fd, off ? 0 : Poller.READABLE, connections.indexOf(one) + 1);
    }
  }

  private void tellSecond() {
    long now = System.nanoTime();
    SinkConnection.Sums sums = sums();
    System.err.printf(
        Locale.ROOT,
        "series %.1f %d %d %.3f %.3f %d%n",
        (now - beginNanos) / 1e9,
        publishing,
        sums.bytes,
        latencyOfSecond.quantile(0.5),
        latencyOfSecond.quantile(0.99),
        sums.lost);
    latencyOfSecond.clear();
    secondNanos = now;
  }

  private SinkConnection.Sums sums() {
    SinkConnection.Sums sums = new SinkConnection.Sums();
    connections.stream().filter(each -> each.index >= 0).forEach(each -> each.addTo(sums));
    return sums;
  }

  private ObjectNode report() {
    SinkConnection.Sums sums = sums();
    double seconds = (System.nanoTime() - windowNanos) / 1e9;
    List<SinkConnection> publishers = connections.stream().filter(each -> each.index >= 0).toList();
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("mode", "sink");
    json.put("window_s", seconds);
    json.put("published", publishers.size());
    json.put(
        "closed_in_window",
        publishers.stream().filter(each -> !each.open && each.closedNanos >= windowNanos).count());
    json.put("bytes", sums.bytes);
    json.put("mbit_s", sums.bytes * 8 / 1e6 / seconds);
    json.put("video", sums.pictures);
    json.put("audio", sums.audioFrames);
    json.put("lost", sums.lost);
    json.put("dup", sums.repeated);
    json.put("out_of_order", sums.outOfOrder);
    json.put("unstamped_video", sums.unstamped);
    json.put("ts_backwards", sums.backwards);
    ObjectNode exact = json.putObject("exact");
    exact.put("checked", sources.areChecked());
    exact.put("video_bad", sums.videoWrong);
    exact.put("video_skipped", sums.videoSkipped);
    exact.put("video_head_changed", sums.headChanged);
    exact.put("audio_bad", sums.audioWrong);
    exact.put("audio_skipped", sums.audioSkipped);
    latency.into(json.putObject("latency"));
    json.put("sink_cpu_s", cpuSeconds() - windowCpu);
    if (perConnection) {
      ArrayNode list = json.putArray("conns");
      publishers.forEach(each -> each.into(list.addObject(), beginNanos));
    }
    return json;
  }
}
