package manycast.media.loops;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every loop twenty times a second for a sign of life: reports one that hangs with its stack,
 * and chooses by how busy it is whether its broadcasts are flushed at once or in windows. Owns one
 * thread.
 */
public final class LoopWatchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoopWatchdog.class);
  private static final int ASK_EVERY_MS = 50;
  private static final int SAMPLES = 1_000 / ASK_EVERY_MS;
  private static final long BLOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Compilers and a burst of destinations fill a loop for some seconds and then leave it. */
  private static final long SATURATED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Map<EventLoop, WatchedLoop> loops;
  private final AtomicLong blocked = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  /** Watches these loops from now on. */
  public LoopWatchdog(List<EventLoop> watched, FlushMode mode) {
    this.loops =
        watched.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(),
                    loop -> new WatchedLoop(loop, mode, SAMPLES, System::nanoTime)));
    this.thread = Thread.ofPlatform().daemon().name("loop-watchdog").start(this::run);
  }

  /** How long the broadcasts of this loop gather frames before they write them, in ms. */
  public int windowMs(EventLoop loop) {
    WatchedLoop watched = loops.get(loop);
    return watched == null ? 0 : watched.windowMs();
  }

  /** Share of a processor that the busiest loop used in the last second, 0 to 1. */
  public double busiest() {
    return loops.values().stream().mapToDouble(WatchedLoop::busyShare).max().orElse(0);
  }

  /** Share of a processor that this loop used in the last second, 0 to 1. */
  public double busy(EventLoop loop) {
    WatchedLoop watched = loops.get(loop);
    return watched == null ? 0 : watched.busyShare();
  }

  /** Whether no loop has had time left for ten seconds: what is added takes from all. */
  public boolean isSaturated() {
    for (WatchedLoop loop : loops.values()) {
      if (loop.saturatedNanos() < SATURATED_NANOS) {
        return false;
      }
    }
    return true;
  }

  /** How many loops flush in windows now. */
  public long inWindows() {
    return loops.values().stream().filter(loop -> loop.windowMs() > 0).count();
  }

  /**
   * How often a loop did not answer for more than 200 ms. One that hangs for so long is never
   * missed; one that hangs for 150 ms may be counted too.
   */
  public long timesBlocked() {
    return blocked.get();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      for (WatchedLoop loop : loops.values()) {
        WatchedLoop.Blocked hanging = loop.blockedFor(BLOCKED_NANOS);
        if (hanging != null) {
          report(hanging);
        }
        loop.ask();
      }
      try {
        Thread.sleep(ASK_EVERY_MS);
      } catch (InterruptedException closing) {
        return;
      }
    }
  }

  private void report(WatchedLoop.Blocked hanging) {
    blocked.incrementAndGet();
    LOG.error(
        "{} did not answer for {} ms; it was at{}",
        hanging.loop(),
        hanging.forMs(),
        Arrays.stream(hanging.stack())
            .map(frame -> System.lineSeparator() + "  " + frame)
            .collect(Collectors.joining()));
  }
}
