package manycast.control.events;

import java.time.Duration;
import manycast.control.database.Chore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Removes events that are older than their retention of 30 days, a batch at a time, until none is
 * left.
 */
@Component
class EventPruning implements Chore {
  private static final Logger log = LoggerFactory.getLogger(EventPruning.class);

  /** A run that has gone on for longer leaves the rest to the next one. */
  private static final Duration LONGEST_RUN = Duration.ofMinutes(10);

  private final JdbcClient jdbc;

  EventPruning(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Duration period() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    prune(LONGEST_RUN);
  }

  /**
   * Removes batches until none is left, an interrupt comes or that much time has passed; the first
   * one in any case. Between two it rests for as long as the last one took, so that it never takes
   * more than half of what the server can do.
   */
  void prune(Duration atMost) {
    long began = System.nanoTime();
    long removed = 0;
    while (true) {
      long asked = System.nanoTime();
      long batch = jdbc.sql("select prune_events()").query(Long.class).single();
      removed += batch;
      long now = System.nanoTime();
      if (batch == 0 || now - began >= atMost.toNanos() || !rest(now - asked)) {
        break;
      }
    }
    if (removed > 0) {
      log.info("Removed {} events that were older than 30 days.", removed);
    }
  }

  /** Whether to go on afterwards. */
  private static boolean rest(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(nanos));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
