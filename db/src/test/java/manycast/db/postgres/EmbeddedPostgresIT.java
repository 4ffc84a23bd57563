package manycast.db.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manycast.db.testing.StartingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  private static final String PASSWORD = "a secret of 'quotes' \\ and spaces";

  @TempDir static Path template;

  @TempDir Path temp;
  private final int port = freePort();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    // Backends of a killed postmaster; the folder can only be removed after them.
    Path data = home().resolve("postgres").resolve("data");
    if (Files.isDirectory(data)) {
      new ServerProcesses(data.toRealPath()).clear(Duration.ofSeconds(1));
    }
  }

  private Path home() {
    return temp.resolve("home");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A home in which the binaries are unpacked and the data directory is made. */
  @BeforeAll
  static void makeTemplate() throws IOException {
    Path shared =
        Binaries.unpack(Path.of(System.getProperty("java.io.tmpdir"), "manycast-test-postgres"));
    Path folder = Files.createDirectories(template.resolve("postgres"));
    Files.createSymbolicLink(folder.resolve(shared.getFileName()), shared);
    EmbeddedPostgres.prepare(template, 1, PASSWORD);
  }

  private EmbeddedPostgres prepare() throws Exception {
    if (!Files.exists(home())) {
      new ProcessBuilder("cp", "-a", template.toString(), home().toString()).start().waitFor();
    }
    return EmbeddedPostgres.prepare(home(), port, PASSWORD);
  }

  private Process start(EmbeddedPostgres postgres) throws Exception {
    Process process =
        new ProcessBuilder(postgres.command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    started.add(process);
    StartingServer.await(port, PASSWORD);
    return process;
  }

  private Path log() {
    return temp.resolve("log");
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), EmbeddedPostgres.OWNER, PASSWORD);
  }

  private String url() {
    return EmbeddedPostgres.jdbcUrl(port, EmbeddedPostgres.DATABASE);
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1) + "";
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void runsInTheForegroundUnderThePidThatWasStarted() throws Exception {
    EmbeddedPostgres postgres = prepare();
    Process process = start(postgres);
    assertThat(
            Long.parseLong(
                Files.readAllLines(home().resolve("postgres/data/postmaster.pid")).getFirst()))
        .isEqualTo(process.pid());
    assertThat(EmbeddedPostgres.runningPid(home())).hasValue(process.pid());
    assertThatThrownBy(this::prepare)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pid " + process.pid());
  }

  @Test
  void isDurableAndPrivate() throws Exception {
    EmbeddedPostgres postgres = prepare();
    start(postgres);
    try (Connection connection = connect()) {
      assertThat(query(connection, "show fsync")).isEqualTo("on");
      assertThat(query(connection, "show full_page_writes")).isEqualTo("on");
      assertThat(query(connection, "show synchronous_commit")).isEqualTo("on");
      assertThat(query(connection, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(connection, "show data_checksums")).isEqualTo("on");
      assertThat(
              query(
                  connection,
                  "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"))
          .isEqualTo("scram-sha-256");
      assertThat(
              query(
                  connection,
                  "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = current_user"))
          .isEqualTo("t");
    }
    assertThatThrownBy(() -> DriverManager.getConnection(url(), EmbeddedPostgres.OWNER, "wrong"))
        .isInstanceOf(SQLException.class);
    for (String folder : List.of("postgres", "postgres/data", "postgres/socket")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(home().resolve(folder))))
          .as(folder)
          .isEqualTo("rwx------");
    }
    assertThat(home().resolve("postgres/socket/.s.PGSQL." + port)).exists();
  }

  @Test
  void keepsSecretsOutOfItsLogFilesAndProcessList() throws Exception {
    EmbeddedPostgres postgres = prepare();
    Process process = start(postgres);
    try (Connection connection = connect()) {
      assertThatThrownBy(() -> execute(connection, "select 'planted-secret' from nowhere"))
          .isInstanceOf(SQLException.class);
      execute(connection, "create table t (s text unique)");
      execute(connection, "insert into t values ('planted-secret')");
      assertThatThrownBy(() -> execute(connection, "insert into t values ('planted-secret')"))
          .isInstanceOf(SQLException.class);
    }
    assertThat(log()).content().contains("nowhere").doesNotContain("planted-secret");
    assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")))
        .doesNotContain("secret");
    assertNothingHoldsThePassword();
  }

  private void assertNothingHoldsThePassword() throws IOException {
    try (Stream<Path> files = Files.walk(home().resolve("postgres/data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        assertThat(new String(content, ISO_8859_1)).as(file.toString()).doesNotContain(PASSWORD);
      }
    }
    try (Stream<Path> files = Files.list(home().resolve("postgres"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.matches("data|socket|server-.*"));
    }
  }

  @Test
  void isBackWithinFiveSecondsOfASigkillWithAllThatWasCommitted() throws Exception {
    EmbeddedPostgres postgres = prepare();
    Process process = start(postgres);
    try (Connection idle = connect();
        Connection busy = connect()) {
      execute(idle, "create table t (i integer)");
      execute(idle, "insert into t select generate_series(1, 1000)");
      // Never looks whether its postmaster lives: holds the old server's shared memory.
      Thread spinning =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try {
                      execute(busy, "select count(*) from generate_series(1, 2000000000)");
                    } catch (SQLException e) {
                      // Its server was killed.
                    }
                  });
      awaitBusy(idle);
      process.destroyForcibly().waitFor();
      Instant killed = Instant.now();
      EmbeddedPostgres again = prepare();
      Process second = start(again);
      assertThat(Duration.between(killed, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThat(EmbeddedPostgres.runningPid(home())).hasValue(second.pid());
      try (Connection connection = connect()) {
        assertThat(query(connection, "select count(*) from t")).isEqualTo("1000");
      }
      spinning.join(Duration.ofSeconds(10));
    }
  }

  private static void awaitBusy(Connection connection) throws Exception {
    String sql =
        "select count(*) from pg_stat_activity where state = 'active' and position('2000000000' in query) > 0"
            + " and pid <> pg_backend_pid()";
    Instant deadline = Instant.now().plusSeconds(10);
    while (query(connection, sql).equals("0")) {
      assertThat(Instant.now()).isBefore(deadline);
      Thread.sleep(10);
    }
  }

  @Test
  void startsAlthoughSomebodyElseHasItsOldPid() throws Exception {
    EmbeddedPostgres postgres = prepare();
    start(postgres).destroyForcibly().waitFor();
    Path lockFile = home().resolve("postgres/data/postmaster.pid");
    List<String> lines = new ArrayList<>(Files.readAllLines(lockFile));
    lines.set(0, Long.toString(ProcessHandle.current().pid()));
    Files.write(lockFile, lines);
    Process again = start(prepare());
    assertThat(again.isAlive()).isTrue();
  }

  @Test
  void stopsInOrderAtSigint() throws Exception {
    EmbeddedPostgres postgres = prepare();
    Process process = start(postgres);
    try (Connection connection = connect()) {
      assertThat(connection.isValid(1)).isTrue();
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(process.exitValue()).isZero();
    assertThat(log()).content().contains("database system is shut down");
    assertThat(EmbeddedPostgres.runningPid(home())).isEmpty();
  }

  @Test
  void unpacksOnceAndLeavesNothingHalfDone() throws Exception {
    Path folder = temp.resolve("fresh");
    Path server = Binaries.unpack(folder);
    assertThat(server.resolve("bin/postgres")).isExecutable();
    Files.writeString(server.resolve("mark"), "");
    assertThat(Binaries.unpack(folder)).isEqualTo(server);
    assertThat(server.resolve("mark")).exists();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(server);
    }
  }

  @Test
  void worksWithAHomeWhosePathIsTooLongForASocket() throws Exception {
    Path deep = temp.resolve("a".repeat(100));
    EmbeddedPostgres postgres = EmbeddedPostgres.prepare(deep, port, PASSWORD);
    start(postgres);
    try (Connection connection = connect()) {
      assertThat(query(connection, "show unix_socket_directories")).isEmpty();
    }
  }
}
