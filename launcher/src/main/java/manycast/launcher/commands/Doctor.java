package manycast.launcher.commands;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import manycast.db.postgres.EmbeddedPostgres;
import manycast.launcher.home.Home;
import manycast.launcher.installation.Installation;
import manycast.launcher.installation.WantedPort;
import manycast.launcher.process.PidFile;
import manycast.launcher.process.ProcessId;
import manycast.launcher.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * {@code doctor}: looks at what the processes will need of this machine, and says what is wrong
 * with it.
 */
final class Doctor {
  private static final long ENOUGH_FILES = 4096;
  private static final long ENOUGH_DISK = 1L << 30;
  private static final long ENOUGH_MEMORY = 1L << 30;
  private static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);
  private static final Instant THIS_PROGRAM_IS_YOUNGER = Instant.parse("2026-01-01T00:00:00Z");

  private final Settings settings;
  private final Consumer<String> console;
  private boolean well = true;

  Doctor(Settings settings, Consumer<String> console) {
    this.settings = settings;
    this.console = console;
  }

  int run() throws IOException {
    settings.notices().forEach(notice -> say(true, "settings", notice));
    jdk();
    limits();
    disk();
    Optional<Home> home = Home.existing(settings.home());
    boolean running = home.isPresent() && runs(home.get());
    Installation installation = Installation.open(settings);
    ports(installation, running);
    database(installation, running);
    return well ? 0 : 1;
  }

  private static boolean runs(Home home) throws IOException {
    return PidFile.read(home.run(), Leftovers.UP)
        .map(PidFile::process)
        .filter(ProcessId::isAlive)
        .isPresent();
  }

  private void jdk() {
    Runtime.Version version = Runtime.version();
    say(
        version.feature() == 25,
        "jdk",
        "%s in %s".formatted(version, System.getProperty("java.home")));
  }

  private void limits() throws IOException {
    long files = openFiles();
    say(
        files >= ENOUGH_FILES,
        "limits",
        files >= ENOUGH_FILES
            ? "%d open files".formatted(files)
            : "%d open files (ulimit -n): every connection is one, %d are wanted"
                .formatted(files, ENOUGH_FILES));
    long memory = Installation.machineMemory();
    say(
        memory >= ENOUGH_MEMORY,
        "memory",
        "%d MiB in this machine, %d MiB of it for media"
            .formatted(memory >> 20, settings.mediaMemory(memory) >> 20));
  }

  private static long openFiles() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        // The JVM has raised its own soft limit to the hard one, and so will the planes'.
        String[] fields = line.substring("Max open files".length()).strip().split("\\s+");
        return fields[1].equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(fields[1]);
      }
    }
    return 0;
  }

  private void disk() throws IOException {
    Path there = settings.home();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    FileStore store = Files.getFileStore(there);
    say(
        store.getUsableSpace() >= ENOUGH_DISK,
        "disk",
        "%d MiB free for %s".formatted(store.getUsableSpace() >> 20, settings.home()));
  }

  private void ports(Installation installation, boolean running) {
    if (running) {
      say(true, "ports", "in use by what runs in this home; see status");
      return;
    }
    List<WantedPort> taken =
        installation.wantedPorts().stream().filter(port -> !port.isFree()).toList();
    taken.forEach(port -> say(false, "ports", port.toFault()));
    if (taken.isEmpty()) {
      say(true, "ports", "all free");
    }
  }

  private void database(Installation installation, boolean running) {
    if (!settings.externalDatabase() && !running) {
      try {
        EmbeddedPostgres.prepare(
            installation.home().path(),
            settings.ports().database(),
            installation.credentials().owner());
        say(true, "database", "the embedded server can be started");
      } catch (IOException | IllegalStateException e) {
        say(false, "database", e.getMessage());
      }
      clock(Instant.now());
      return;
    }
    try (Connection connection = installation.connectAsOwner();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select current_setting('server_version'), clock_timestamp()")) {
      row.next();
      say(true, "database", "PostgreSQL " + row.getString(1));
      clock(row.getObject(2, OffsetDateTime.class).toInstant());
    } catch (SQLException e) {
      say(false, "database", e.getMessage());
      clock(Instant.now());
    }
  }

  private void clock(Instant database) {
    Instant here = Instant.now();
    Duration apart = Duration.between(database, here).abs();
    if (here.isBefore(THIS_PROGRAM_IS_YOUNGER)) {
      say(false, "clock", "it says %s, which is before this program was made".formatted(here));
    } else {
      say(
          apart.compareTo(CLOCKS_AGREE) < 0,
          "clock",
          "%s, %d ms from the database's".formatted(here, apart.toMillis()));
    }
  }

  private void say(boolean good, String what, @Nullable String text) {
    well &= good;
    console.accept("%-4s %-10s %s".formatted(good ? "ok" : "BAD", what, text));
  }
}
