package manycast.control.dashboard;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One watcher's event stream. Nothing is queued for it: it is woken, looks at the present state and
 * writes what has changed. One that does not read stays stuck in its own write until the server's
 * write timeout ends it.
 */
final class Feed {
  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final AtomicBoolean rowsChanged = new AtomicBoolean(true);
  private boolean wake;
  private volatile boolean ended;

  /** Begins the answer. */
  Feed(HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    out = response.getOutputStream();
    write("retry: 1000\n\n");
  }

  /** New figures are there. Never blocks for long, never throws. */
  void figuresChanged() {
    wake();
  }

  /** Rows of the database have changed. */
  void rowsChanged() {
    rowsChanged.set(true);
    wake();
  }

  /** The process stops: the watcher comes back by itself. */
  void end() {
    ended = true;
    wake();
  }

  boolean ended() {
    return ended;
  }

  /** Whether rows have changed since this was last asked. */
  boolean takeRowsChanged() {
    return rowsChanged.getAndSet(false);
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

  void event(String name, String data) throws IOException {
    var event = new StringBuilder("event: ").append(name).append('\n');
    data.lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> event.append("data: ").append(line).append('\n'));
    write(event.append('\n').toString());
  }

  void comment() throws IOException {
    write(": here\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }
}
