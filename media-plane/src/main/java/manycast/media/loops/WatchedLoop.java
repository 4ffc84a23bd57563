package manycast.media.loops;

import com.sun.management.ThreadMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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

  /** What a loop uses of a processor that has no time left for anything more. */
  static final double SATURATED = 0.97;

  private static final StackTraceElement[] NOWHERE = {};
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final EventLoop loop;
  private final FlushMode mode;
  private final LongSupplier clock;
  private final Runnable answering = this::answer;
  private final long[] wallNanos;
  private final long[] cpuNanos;
  private int answers;
  private volatile @Nullable Thread thread;
  private volatile boolean answered = true;
  private volatile long answeredNanos;
  private volatile long silentNanos;
  private volatile double busyShare;
  private volatile long saturatedNanos;
  private long hadTimeAt;
  private volatile int windowMs;
  private StackTraceElement[] seen = NOWHERE;
  private boolean reported;

  /**
   * A loop that was not asked yet.
   *
   * @param samples how many answers a second has
   * @param clock in nanoseconds
   */
  WatchedLoop(EventLoop loop, FlushMode mode, int samples, LongSupplier clock) {
    this.loop = loop;
    this.mode = mode;
    this.clock = clock;
    this.wallNanos = new long[samples];
    this.cpuNanos = new long[samples];
    this.windowMs = mode == FlushMode.WINDOW ? FlushMode.WINDOW_MS : 0;
  }

  /** Share of the last second in which the loop used a processor, 0 to 1. */
  double busyShare() {
    return busyShare;
  }

  /** For how long now every last second was full to {@link #SATURATED}, in nanoseconds. */
  long saturatedNanos() {
    return saturatedNanos;
  }

  /** How long frames are gathered before they are written, in milliseconds; 0 is not at all. */
  int windowMs() {
    return windowMs;
  }

  /** Asks the loop for a sign of life unless the last question is still open. */
  void ask() {
    if (answered) {
      answered = false;
      loop.execute(answering);
    }
  }

  /** Whether a question is open. */
  boolean isAsked() {
    return !answered;
  }

  /**
   * Tells once of each time in which the loop gave no answer for longer than this, while it lasts
   * or when it is over. To be asked before each {@link #ask}. The time runs from one answer to the
   * next, by the loop's own clock: a block is never longer than that, so none is missed, and what
   * lay between the first answer and the next question is counted too.
   */
  @Nullable Blocked blockedFor(long limitNanos) {
    Thread on = thread;
    if (on == null) {
      return null;
    }
    boolean over = answered;
    long silent = over ? silentNanos : clock.getAsLong() - answeredNanos;
    if (!over && silent > limitNanos / 2) {
      // It may be over before the next look, and then nobody could say where it was.
      seen = on.getStackTrace();
    }
    boolean told = reported;
    reported = !over && (told || silent > limitNanos);
    StackTraceElement[] stack = seen;
    if (over) {
      seen = NOWHERE;
    }
    return !told && silent > limitNanos
        ? new Blocked(on.getName(), TimeUnit.NANOSECONDS.toMillis(silent), stack)
        : null;
  }

  /** A loop that hangs. */
  record Blocked(String loop, long forMs, StackTraceElement[] stack) {}

  private void answer() {
    long nowNanos = clock.getAsLong();
    silentNanos = thread == null ? 0 : nowNanos - answeredNanos;
    answeredNanos = nowNanos;
    thread = Thread.currentThread();
    note(nowNanos, THREADS.getCurrentThreadCpuTime());
    answered = true;
  }

  /** Takes the loop's two clocks as they are now. */
  void note(long wall, long cpu) {
    int slot = answers % wallNanos.length;
    if (answers >= wallNanos.length) {
      busyShare = (double) (cpu - cpuNanos[slot]) / Math.max(1, wall - wallNanos[slot]);
      choose();
    }
    if (busyShare < SATURATED) {
      hadTimeAt = wall;
    }
    saturatedNanos = wall - hadTimeAt;
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
