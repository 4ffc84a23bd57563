package manycast.control.events;

import java.time.Duration;
import manycast.control.database.Chore;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Removes events that are older than their retention of 30 days. */
@Component
class EventPruning implements Chore {
  private final JdbcClient jdbc;

  EventPruning(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Duration period() {
    return Duration.ofHours(12);
  }

  @Override
  public void run() {
    jdbc.sql("select prune_events()").query(Long.class).single();
  }
}
