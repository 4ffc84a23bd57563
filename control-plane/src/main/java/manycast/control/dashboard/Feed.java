package manycast.control.dashboard;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One watcher's event stream. Nothing is queued for it: it is woken, looks at the present state and
 * writes what has changed. One that does not read stays stuck in its own write until the server's
 * write timeout ends it.
 */
final class Feed {
  private static final byte[] RETRY = "retry: 1000\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] COMMENT = ": here\n\n".getBytes(StandardCharsets.UTF_8);

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean wake;
  private volatile boolean ended;

  /** Begins the answer. */
  Feed(HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    out = response.getOutputStream();
    write(RETRY);
  }

  /** The process stops: the watcher comes back by itself. */
  void end() {
    ended = true;
    wake();
  }

  boolean ended() {
    return ended;
  }

  /** Returns when something has changed, or after that long. */
  void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!wake && left > 0) {
        left = woken.awaitNanos(left);
      }
      wake = false;
    } finally {
      lock.unlock();
    }
  }

  /** What a stream carries for one event; blank lines of the data are left out. */
  static byte[] event(String name, String data) {
    var event = new StringBuilder("event: ").append(name).append('\n');
    data.lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> event.append("data: ").append(line).append('\n'));
    return event.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  void write(byte[] event) throws IOException {
    out.write(event);
    out.flush();
  }

  void comment() throws IOException {
    write(COMMENT);
  }

  /** There is something new to look at. Never blocks for long, never throws. */
  void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }
}
