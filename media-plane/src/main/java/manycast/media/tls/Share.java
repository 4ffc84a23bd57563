package manycast.media.tls;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Passes tasks on to another executor, a bounded number at once, in their order. Thread-safe. */
final class Share implements Executor {
  private final Executor executor;
  private final int most;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  Share(Executor executor, int most) {
    this.executor = executor;
    this.most = most;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      if (running == most) {
        waiting.add(task);
        return;
      }
      running++;
    }
    pass(task);
  }

  private void pass(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RuntimeException notTaken) {
      done();
      throw notTaken;
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      done();
    }
  }

  private void done() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        running--;
        return;
      }
    }
    pass(next);
  }
}
