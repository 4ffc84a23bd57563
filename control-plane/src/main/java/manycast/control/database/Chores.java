package manycast.control.database;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Does the chores, each in a thread of its own, so that none waits for another. */
@Component
class Chores implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Chores.class);

  private final List<Chore> chores;
  private final DatabaseWatch database;
  private final List<Thread> threads = new ArrayList<>();

  Chores(List<Chore> chores, DatabaseWatch database) {
    this.chores = List.copyOf(chores);
    this.database = database;
  }

  @Override
  public void start() {
    for (Chore chore : chores) {
      threads.add(
          Thread.ofVirtual()
              .name("chore-" + chore.getClass().getSimpleName())
              .start(() -> repeat(chore)));
    }
  }

  @Override
  public void stop() {
    threads.forEach(Thread::interrupt);
    threads.clear();
  }

  @Override
  public boolean isRunning() {
    return !threads.isEmpty();
  }

  private void repeat(Chore chore) {
    while (true) {
      try {
        Thread.sleep(chore.period());
      } catch (InterruptedException e) {
        return;
      }
      if (database.isReady()) {
        attempt(chore);
      }
    }
  }

  private static void attempt(Chore chore) {
    try {
      chore.run();
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted() || DatabaseWatch.isOutage(e)) {
        log.debug("{} will be tried again: {}", chore.getClass().getSimpleName(), e.toString());
      } else {
        log.error("{} failed and will be tried again", chore.getClass().getSimpleName(), e);
      }
    }
  }
}
