package manycast.system.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.rtmp.Publisher;
import manycast.system.bench.host.ProcessFigures;
import manycast.system.bench.peer.ControlPlane;
import manycast.system.bench.peer.MediaNode;
import manycast.system.bench.peer.Point;
import manycast.system.bench.peer.Server;
import manycast.system.bench.peer.Streams;
import manycast.system.bench.tools.SinkOptions;

/**
 * {@code pages}: how soon an open page is told that its stream went live, and how many open pages
 * one control plane keeps up to date. Pages are event streams as browsers open them, without the
 * browser; a point such as {@code 10x50} is ten live streams with 50 pages of each. Every page is
 * sent the figures of each second; each second one of the streams gets another name, and its way to
 * each of its pages is timed from the request that gives it. Control plane and node share the
 * server's core.
 */
final class PagesBenchmark implements Benchmark {
  private static final List<Point> PAGES =
      List.of(new Point(10, 10), new Point(10, 50), new Point(10, 100), new Point(10, 190));

  /** What each live stream goes to. */
  private static final int DESTINATIONS = 3;

  private static final Point QUIET = new Point(1, 1);
  private static final String LIVE_KEYS = "pages-live-";
  private static final String QUIET_KEYS = "pages-quiet-";
  private static final int ROUNDS_BEFORE = 5;
  private static final int ROUNDS = 50;
  private static final Duration SOON = Duration.ofSeconds(20);

  /** So many are opened at once. */
  private static final int ABREAST = 20;

  @Override
  public void run(Lab lab, Report report) throws IOException, InterruptedException {
    // The streams' owner is there once a control plane has run.
    try (ControlPlane plane = lab.manycast().startControlPlane();
        MediaNode node = lab.manycast().startNode(Map.of(), lab.arguments().jvmFlags())) {
      List<Point> points = lab.pointsOr(PAGES);
      Point live = new Point(points.getFirst().ingests(), DESTINATIONS);
      List<UUID> watched;
      UUID quiet;
      try (Streams streams = lab.manycast().streams()) {
        watched = streams.makeForAdmin(LIVE_KEYS, live, lab.sinkPort());
        quiet =
            streams.makeForAdmin(QUIET_KEYS, QUIET, NodePorts.freePorts(1).getFirst()).getFirst();
      }
      report.add("pages, from publish to page", List.of(publishes(lab, plane, node, quiet)));
      Server server = node.server(LIVE_KEYS);
      List<Pages> pages = watched.stream().map(stream -> new Pages(plane, stream)).toList();
      try (Feed feed = Feed.start(lab, server, live, SinkOptions.CHEAP)) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Point point : points) {
          for (Pages each : pages) {
            each.open(point.destinations());
          }
          Thread.sleep(lab.arguments().warmUp());
          rows.add(window(lab, plane, pages));
          feed.requireAlive();
        }
        report.add("pages, kept up to date", rows);
      } finally {
        pages.forEach(Pages::close);
      }
    }
  }

  /** Goes live and ends again and again before one open page. */
  private static Map<String, Object> publishes(
      Lab lab, ControlPlane plane, MediaNode node, UUID stream)
      throws IOException, InterruptedException {
    URI server = URI.create("rtmp://127.0.0.1:%d/live".formatted(node.rtmpPort()));
    var times = new Times();
    try (var pages = new Pages(plane, stream)) {
      pages.open(1);
      for (int round = -ROUNDS_BEFORE; round < ROUNDS; round++) {
        pages.expect("data-stream-state=\"live\"");
        long begin = System.nanoTime();
        try (Publisher publisher = new Publisher(server, QUIET_KEYS + 0)) {
          long nanos = pages.awaitAll(begin);
          if (round >= 0) {
            times.add(nanos);
          }
          pages.expect("data-stream-state=\"idle\"");
          publisher.stop();
        }
        pages.awaitAll(System.nanoTime());
      }
    }
    lab.say("publish to page: p50 %s ms".formatted(Spread.written(times.quantile(0.5))));
    Map<String, Object> row = Report.row();
    row.put("publishes", ROUNDS);
    row.put("p50 ms", times.quantile(0.5));
    row.put("p99 ms", times.quantile(0.99));
    row.put("longest ms", times.quantile(1));
    return row;
  }

  private static Map<String, Object> window(Lab lab, ControlPlane plane, List<Pages> pages)
      throws IOException, InterruptedException {
    var times = new Times();
    int count = pages.stream().mapToInt(Pages::count).sum();
    long updates = pages.stream().mapToLong(Pages::updates).sum();
    double cpu = ProcessFigures.cpuSeconds(plane.pid());
    long begin = System.nanoTime();
    int rounds =
        (int) Math.max(1, lab.arguments().length().toSeconds() * lab.arguments().windows());
    for (int round = 0; round < rounds; round++) {
      long due = begin + TimeUnit.SECONDS.toNanos(round);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      Pages renamed = pages.get(round % pages.size());
      String name = "round %d of %d pages".formatted(round, count);
      renamed.expect(name);
      long asked = System.nanoTime();
      plane.rename(renamed.stream(), name);
      renamed.awaitAll(asked);
      renamed.each(asked, times);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    long sent = pages.stream().mapToLong(Pages::updates).sum() - updates;
    lab.say("%d pages: p99 %s ms".formatted(count, Spread.written(times.quantile(0.99))));
    Map<String, Object> row = Report.row();
    row.put("pages", count);
    row.put("seconds", seconds);
    row.put("core %", 100 * (ProcessFigures.cpuSeconds(plane.pid()) - cpu) / seconds);
    row.put("RSS MiB", ProcessFigures.rssBytes(plane.pid()) / 1024.0 / 1024.0);
    row.put("updates a page and second", sent / seconds / count);
    row.put("p50 ms", times.quantile(0.5));
    row.put("p99 ms", times.quantile(0.99));
    row.put("longest ms", times.quantile(1));
    return row;
  }

  /** All times of one kind; few enough to keep each. */
  private static final class Times {
    private long[] nanos = new long[1024];
    private int count;

    void add(long time) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = time;
    }

    /** Milliseconds that this share of all times does not pass. */
    double quantile(double share) {
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return count == 0 ? 0 : sorted[(int) Math.min(count - 1L, (long) (share * count))] / 1e6;
    }
  }

  /** The open pages of one stream. */
  private static final class Pages implements AutoCloseable {
    private final ControlPlane plane;
    private final UUID stream;
    private final List<Page> open = new ArrayList<>();

    Pages(ControlPlane plane, UUID stream) {
      this.plane = plane;
      this.stream = stream;
    }

    UUID stream() {
      return stream;
    }

    /** Opens more of them until there are so many, and waits until each has been told something. */
    void open(int count) throws IOException, InterruptedException {
      while (open.size() < count) {
        List<Page> fresh = new ArrayList<>();
        while (fresh.size() < ABREAST && open.size() + fresh.size() < count) {
          var page = new Page();
          page.expect("data-stream-state");
          var _ = plane.watch(stream, page);
          fresh.add(page);
        }
        long end = System.nanoTime() + SOON.toNanos();
        for (Page page : fresh) {
          page.await(end);
        }
        open.addAll(fresh);
      }
    }

    void expect(String words) {
      open.forEach(page -> page.expect(words));
    }

    /**
     * Returns when every page has been sent what it is to expect: how long after {@code begin} the
     * last one was.
     */
    long awaitAll(long begin) throws IOException, InterruptedException {
      long end = System.nanoTime() + SOON.toNanos();
      long longest = 0;
      for (Page page : open) {
        longest = Math.max(longest, page.await(end) - begin);
      }
      return longest;
    }

    void each(long begin, Times times) {
      open.forEach(page -> times.add(page.seen() - begin));
    }

    int count() {
      return open.size();
    }

    long updates() {
      return open.stream().mapToLong(Page::updates).sum();
    }

    @Override
    public void close() {
      open.forEach(Page::close);
    }
  }

  /** One open page: counts what it is sent, and knows when it was sent what it waits for. */
  private static final class Page implements Flow.Subscriber<String> {
    private String expected = "";
    private long seen;
    private long updates;
    private boolean ended;
    private Flow.Subscription subscription = new Ended();

    private static final class Ended implements Flow.Subscription {
      @Override
      public void request(long lines) {}

      @Override
      public void cancel() {}
    }

    synchronized void expect(String words) {
      expected = words;
      seen = 0;
    }

    synchronized long await(long end) throws IOException, InterruptedException {
      while (seen == 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (ended || left <= 0) {
          throw new IOException(
              "a page was not sent \"%s\"".formatted(expected), new TimeoutException());
        }
        wait(left);
      }
      return seen;
    }

    synchronized long seen() {
      return seen;
    }

    synchronized long updates() {
      return updates;
    }

    synchronized void close() {
      subscription.cancel();
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(String line) {
      if (line.equals("event: live")) {
        updates++;
      } else if (seen == 0 && line.contains(expected)) {
        seen = System.nanoTime();
        notifyAll();
      }
    }

    @Override
    public synchronized void onError(Throwable why) {
      onComplete();
    }

    @Override
    public synchronized void onComplete() {
      ended = true;
      notifyAll();
    }
  }
}
