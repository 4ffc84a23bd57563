package manycast.control.nodes;

import java.time.Duration;
import manycast.control.database.Chore;
import manycast.control.database.DatabaseWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Ends what nodes that fell silent still own. It concludes nothing until it has itself been
 * connected for as long as a node must have been silent: after an outage everybody is heard first.
 */
@Component
class Reaper implements Chore {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final Duration SILENT = Duration.ofSeconds(60);

  private final JdbcClient jdbc;
  private final DatabaseWatch database;

  Reaper(JdbcClient jdbc, DatabaseWatch database) {
    this.jdbc = jdbc;
    this.database = database;
  }

  @Override
  public Duration period() {
    return Duration.ofSeconds(5);
  }

  @Override
  public void run() {
    if (database.readyFor().compareTo(SILENT) <= 0) {
      return;
    }
    int ended =
        jdbc.sql("select reap_lost_nodes(:silent)")
            .param("silent", (int) SILENT.toSeconds())
            .query(Integer.class)
            .single();
    if (ended > 0) {
      log.warn(
          "Ended {} broadcasts of nodes that have been silent for {} s.",
          ended,
          SILENT.toSeconds());
    }
  }
}
