package manycast.control.database;

import java.time.Duration;

/**
 * Something to do again and again while the database is ready; done in a thread of its own, a
 * failure is logged.
 */
public interface Chore {
  /** How long to wait between two times. */
  Duration period();

  void run();
}
