package manycast.control.admin;

import java.sql.Connection;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.Member;
import manycast.control.accounts.NewAccount;
import manycast.control.database.WhenReady;
import manycast.control.settings.Settings;
import manycast.control.streams.NewStream;
import manycast.control.streams.StreamService;
import manycast.control.tokens.TokenService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the first admin, with account, API token and a first stream: once, when there is no user at
 * all.
 */
@Component
@Order(2)
class FirstStart implements WhenReady {
  private static final Logger log = LoggerFactory.getLogger(FirstStart.class);

  /**
   * Any number that nobody else locks: of two control planes that start together, one waits here
   * for the other.
   */
  private static final long LOCK = 0x4669727374537461L;

  private final Settings settings;
  private final AccountService accounts;
  private final TokenService tokens;
  private final StreamService streams;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  FirstStart(
      Settings settings,
      AccountService accounts,
      TokenService tokens,
      StreamService streams,
      JdbcClient jdbc,
      PlatformTransactionManager transactions) {
    this.settings = settings;
    this.accounts = accounts;
    this.tokens = tokens;
    this.streams = streams;
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
  }

  @Override
  public void databaseCame(Connection connection) {
    if (accounts.anyUser()) {
      return;
    }
    Settings.FirstAdmin admin = settings.firstAdmin();
    if (admin == null) {
      log.warn(
          "There is no user yet, and MANYCAST_ADMIN_EMAIL, _PASSWORD and _TOKEN name no first admin.");
      return;
    }
    transaction.executeWithoutResult(_ -> makeOnce(admin));
  }

  private void makeOnce(Settings.FirstAdmin admin) {
    jdbc.sql("select pg_advisory_xact_lock(:lock)::text")
        .param("lock", LOCK)
        .query(String.class)
        .single();
    if (accounts.anyUser()) {
      return;
    }
    Member owner =
        accounts.create(
            new NewAccount("My account", admin.email(), admin.password().value()), true);
    tokens.createForOwner(owner, "First admin", admin.token().value());
    streams.create(owner.actor(), new NewStream("My stream"));
    log.info("Made the first admin, {}.", admin.email());
  }
}
