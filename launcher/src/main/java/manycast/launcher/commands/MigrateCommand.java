package manycast.launcher.commands;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import manycast.db.migrate.Migrate;
import manycast.db.postgres.EmbeddedPostgres;
import manycast.launcher.installation.Installation;
import manycast.launcher.process.SupervisedProcess;
import manycast.launcher.settings.Settings;

/** {@code migrate}: the embedded server is started for it when it does not run. */
final class MigrateCommand {
  private static final Duration START = Duration.ofSeconds(60);

  private final Settings settings;
  private final Consumer<String> console;

  MigrateCommand(Settings settings, Consumer<String> console) {
    this.settings = settings;
    this.console = console;
  }

  void run() throws IOException, InterruptedException, SQLException, CommandFailedException {
    Installation installation = Installation.open(settings);
    if (settings.externalDatabase()
        || EmbeddedPostgres.runningPid(installation.home().path()).isPresent()) {
      migrate(installation);
      return;
    }
    SupervisedProcess postgres =
        new SupervisedProcess(installation.postgres(), installation.home().run(), console);
    postgres.start();
    try {
      if (!postgres.awaitUp(START, () -> false)) {
        throw new CommandFailedException(
            "postgres does not start:\n" + String.join("\n", postgres.lastLines()));
      }
      migrate(installation);
    } finally {
      postgres.stop();
    }
  }

  private void migrate(Installation installation) throws SQLException {
    Migrate.Result result = installation.migrate();
    console.accept(
        "%d migrations applied; the schema is at version %d"
            .formatted(result.migrations(), result.version()));
  }
}
