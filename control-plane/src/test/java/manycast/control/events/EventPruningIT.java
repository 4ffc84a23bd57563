package manycast.control.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import manycast.control.testing.TestControlPlane;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the control plane removes of the event log. */
class EventPruningIT {
  private static final int BATCH = 10_000;
  private static final String OLD = "event where type = 'test.old'";

  private final TestDatabase database = TestDatabase.create();
  private final TestControlPlane plane = TestControlPlane.startReady(database);
  private final EventPruning pruning = plane.part(EventPruning.class);

  @AfterEach
  void close() {
    plane.close();
    database.close();
  }

  @Test
  void removesAllThatIsOlderThanItsRetentionHoweverMuchItIs() {
    insert("test.old", 2 * BATCH + 1, "30 days 1 minute");
    insert("test.young", 3, "29 days 23 hours");

    pruning.run();

    assertThat(plane.rows(OLD)).isZero();
    assertThat(plane.rows("event where type = 'test.young'")).isEqualTo(3);
  }

  @Test
  void leavesToTheNextRunWhatDoesNotFitIntoItsTime() {
    insert("test.old", BATCH + 7, "31 days");

    pruning.prune(Duration.ZERO);
    assertThat(plane.rows(OLD)).isEqualTo(7);

    pruning.prune(Duration.ZERO);
    assertThat(plane.rows(OLD)).isZero();
  }

  private void insert(String type, int count, String age) {
    database.execute(
        "insert into event (type, occurred_at) select '%s', now() - interval '%s' from generate_series(1, %d)"
            .formatted(type, age, count));
  }
}
