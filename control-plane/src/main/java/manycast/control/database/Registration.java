package manycast.control.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import manycast.db.identity.ProcessIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Registers this process's public key, so that media nodes know its service tokens; hourly again,
 * or it would lapse.
 */
@Component
@Order(1)
class Registration implements WhenReady, Chore {
  private static final Logger log = LoggerFactory.getLogger(Registration.class);

  private final ProcessIdentity identity;
  private final DataSource dataSource;

  Registration(ProcessIdentity identity, DataSource dataSource) {
    this.identity = identity;
    this.dataSource = dataSource;
  }

  @Override
  public void databaseCame(Connection connection) throws SQLException {
    identity.register(connection);
  }

  @Override
  public Duration period() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    try (Connection connection = dataSource.getConnection()) {
      identity.register(connection);
    } catch (SQLException e) {
      log.warn("This process's key could not be registered again: {}", e.getMessage());
    }
  }
}
