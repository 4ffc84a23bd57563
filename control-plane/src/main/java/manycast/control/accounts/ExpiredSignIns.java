package manycast.control.accounts;

import java.time.Duration;
import manycast.control.database.Chore;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Removes what nobody can sign in with any more. */
@Component
class ExpiredSignIns implements Chore {
  private final JdbcClient jdbc;

  ExpiredSignIns(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Duration period() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    jdbc.sql("delete from web_session where expires_at < now()").update();
    jdbc.sql("delete from sign_in_link where expires_at < now() - interval '1 day'").update();
  }
}
