package manycast.control.samples;

import java.time.Duration;
import manycast.control.database.Chore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Has partitions made ahead and dropped after their thirty days. Nodes do the same: samples are
 * written without a control plane, and go away without a node.
 */
@Component
class SamplePartitions implements Chore {
  private static final Logger log = LoggerFactory.getLogger(SamplePartitions.class);

  private final JdbcClient jdbc;

  SamplePartitions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Duration period() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    int changed = jdbc.sql("select keep_sample_partitions()").query(Integer.class).single();
    if (changed > 0) {
      log.info("Made or dropped {} partitions of samples.", changed);
    }
  }
}
