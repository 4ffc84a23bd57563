package manycast.control.nodes;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;
import manycast.control.database.Chore;
import manycast.control.database.DatabaseWatch;
import manycast.control.database.Steadiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Has what nodes that fell silent still own wait for its encoder, and ends what has waited for its
 * whole grace without an owner. It takes nobody for lost until it has itself been connected for as
 * long as a node must have been silent: after an outage everybody is heard first.
 */
@Component
class Reaper implements Chore {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final Duration SILENT = Duration.ofSeconds(60);

  private final JdbcClient jdbc;
  private final Supplier<Optional<Steadiness>> judge;

  @Autowired
  Reaper(JdbcClient jdbc, DatabaseWatch database) {
    this(jdbc, database::steadiness);
  }

  /**
   * With a judge of its own: for how long it has itself been connected, empty when it is not now.
   */
  Reaper(JdbcClient jdbc, Supplier<Optional<Steadiness>> judge) {
    this.jdbc = jdbc;
    this.judge = judge;
  }

  @Override
  public Duration period() {
    return Duration.ofSeconds(5);
  }

  @Override
  public void run() {
    judge.get().ifPresent(this::reap);
    int ended = jdbc.sql("select end_after_grace()").query(Integer.class).single();
    if (ended > 0) {
      log.warn("Ended {} broadcasts that no encoder came back to within their grace.", ended);
    }
  }

  /** Both conditions are the database's to check: heartbeats are by its clock too. */
  private void reap(Steadiness connected) {
    int lost =
        jdbc.sql(
                """
                select reap_lost_nodes(:silent)
                where now() > cast(:since as timestamptz) + make_interval(secs => :silent)
                  and now() < cast(:seen as timestamptz) + make_interval(secs => :gap)
                """)
            .param("silent", (int) SILENT.toSeconds())
            .param("since", connected.since().atOffset(ZoneOffset.UTC))
            .param("seen", connected.seen().atOffset(ZoneOffset.UTC))
            .param("gap", (int) Steadiness.LONGEST_GAP.toSeconds())
            .query(Integer.class)
            .optional()
            .orElse(0);
    if (lost > 0) {
      log.warn(
          "{} broadcasts of nodes that have been silent for {} s wait for their encoders.",
          lost,
          SILENT.toSeconds());
    }
  }
}
