package manycast.media.loops;

import com.sun.management.ThreadMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One loop as the watchdog knows it: whether it answers, how busy it was in the last second, and
 * the window in which its broadcasts are flushed. Asked by the watchdog's thread, answered on the
 * loop.
 */
final class WatchedLoop {
  /** A loop busier than this is flushed in windows. */
  static final double BUSY = 0.50;

  /**
   * A loop less busy than this is flushed at once again. A window saves up to three quarters of the
   * work: a loop that has left {@link #BUSY} by its own window stays above this.
   */
  static final double IDLE = 0.10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final EventLoop loop;
  private final FlushMode mode;
  private final long[] wallNanos;
  private final long[] cpuNanos;
  private int answers;
  private volatile @Nullable Thread thread;
  private volatile boolean answered = true;
  private volatile double busyShare;
  private volatile int windowMs;
  private long askedNanos;
  private boolean reported;

  /**
   * A loop that was not asked yet.
   *
   * @param samples how many answers a second has
   */
  WatchedLoop(EventLoop loop, FlushMode mode, int samples) {
    this.loop = loop;
    this.mode = mode;
    this.wallNanos = new long[samples];
    this.cpuNanos = new long[samples];
    this.windowMs = mode == FlushMode.WINDOW ? FlushMode.WINDOW_MS : 0;
  }

  /** Share of the last second in which the loop used a processor, 0 to 1. */
  double busyShare() {
    return busyShare;
  }

  /** How long frames are gathered before they are written, in milliseconds; 0 is not at all. */
  int windowMs() {
    return windowMs;
  }

  /** Asks the loop for a sign of life unless the last question is still open. */
  void ask(long nowNanos) {
    if (answered) {
      answered = false;
      reported = false;
      askedNanos = nowNanos;
      loop.execute(this::answer);
    }
  }

  /** Whether a question is open. */
  boolean isAsked() {
    return !answered;
  }

  /** The loop's stack when it has not answered for so long; once for each time that it hangs. */
  @Nullable Blocked blockedFor(long limitNanos, long nowNanos) {
    Thread on = thread;
    long silent = nowNanos - askedNanos;
    if (answered || reported || on == null || silent <= limitNanos) {
      return null;
    }
    reported = true;
    return new Blocked(on.getName(), TimeUnit.NANOSECONDS.toMillis(silent), on.getStackTrace());
  }

  /** A loop that hangs. */
  record Blocked(String loop, long forMs, StackTraceElement[] stack) {}

  private void answer() {
    thread = Thread.currentThread();
    note(System.nanoTime(), THREADS.getCurrentThreadCpuTime());
    answered = true;
  }

  /** Takes the loop's two clocks as they are now. */
  void note(long wall, long cpu) {
    int slot = answers % wallNanos.length;
    if (answers >= wallNanos.length) {
      busyShare = (double) (cpu - cpuNanos[slot]) / Math.max(1, wall - wallNanos[slot]);
      choose();
    }
    wallNanos[slot] = wall;
    cpuNanos[slot] = cpu;
    answers++;
  }

  private void choose() {
    if (mode == FlushMode.ADAPTIVE) {
      double limit = windowMs == 0 ? BUSY : IDLE;
      windowMs = busyShare > limit ? FlushMode.WINDOW_MS : 0;
    }
  }
}
