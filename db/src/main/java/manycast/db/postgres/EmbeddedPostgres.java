package manycast.db.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Our own PostgreSQL server under {@code MANYCAST_HOME/postgres}: private (loopback and a private
 * socket folder, passwords by SCRAM), durable (fsync on), and a foreground process that whoever
 * calls {@link #command} starts, supervises and stops (SIGINT: fast shutdown). Call {@link
 * #prepare} before every start, also after a crash.
 */
public final class EmbeddedPostgres {
  /** The server's superuser and owner of the database. */
  public static final String OWNER = "manycast_owner";

  /** The database that {@link #createDatabase} makes. */
  public static final String DATABASE = "manycast";

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final int SOCKET_PATH_BYTES = 107;
  private static final Duration LEAVING = Duration.ofMillis(200);

  private final Path server;
  private final Path data;
  private final int port;
  private final String password;
  private final List<String> asNobody;

  private EmbeddedPostgres(
      Path server, Path data, int port, String password, List<String> asNobody) {
    this.server = server;
    this.data = data;
    this.port = port;
    this.password = password;
    this.asNobody = asNobody;
  }

  /**
   * Unpacks and initialises what is not there yet, writes the server's settings, and clears away
   * what a killed server left. Takes 2 to 5 s the first time and some milliseconds later.
   *
   * @param home {@code MANYCAST_HOME}; made when absent
   * @param password of {@link #OWNER}; counts only when the data directory is made
   * @throws IOException saying what to do, where something can be done
   * @throws IllegalStateException when a server runs on this data directory ({@link #runningPid})
   */
  public static EmbeddedPostgres prepare(Path home, int port, String password) throws IOException {
    Path folder = Files.createDirectories(home).toRealPath().resolve("postgres");
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PRIVATE);
    Path data = folder.resolve("data");
    OptionalLong running = new ServerProcesses(data).postmaster();
    if (running.isPresent()) {
      throw new IllegalStateException(
          "a server runs on %s already: pid %d".formatted(data, running.getAsLong()));
    }
    EmbeddedPostgres postgres =
        new EmbeddedPostgres(Binaries.unpack(folder), data, port, password, asNobody());
    if (!Files.isDirectory(data)) {
      postgres.refuseWithoutNamespaces();
      postgres.initialise(folder);
    }
    new ServerProcesses(data).clear(LEAVING);
    postgres.configure(folder.resolve("socket"));
    return postgres;
  }

  /** The postmaster that works on the data directory in {@code home}, when one does. */
  public static OptionalLong runningPid(Path home) throws IOException {
    Path data = home.resolve("postgres").resolve("data");
    return Files.isDirectory(data)
        ? new ServerProcesses(data.toRealPath()).postmaster()
        : OptionalLong.empty();
  }

  /**
   * Runs the server in the foreground, logging to stderr. The process started is the postmaster
   * itself, also as root, where PostgreSQL refuses to run: {@code unshare -U} makes the user nobody
   * and replaces itself.
   */
  public List<String> command() {
    List<String> command = new ArrayList<>(asNobody);
    command.add(server.resolve("bin").resolve("postgres").toString());
    command.add("-D");
    command.add(data.toString());
    return command;
  }

  /** JDBC URL of a database of the server on this port, without user and password. */
  public static String jdbcUrl(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /**
   * Makes the database {@link #DATABASE} when it is absent.
   *
   * @param connection as {@link #OWNER} to the database {@code postgres}; stays open
   */
  public static void createDatabase(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("select from pg_database where datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("create database " + DATABASE);
    }
  }

  /**
   * Initialises beside the final place, so that a half made data directory is never taken for one.
   */
  private void initialise(Path folder) throws IOException {
    Path partial = Files.createTempDirectory(folder, "initialising-");
    Path passwordFile = Files.createTempFile(folder, "password-", "");
    try {
      Files.writeString(passwordFile, password + "\n");
      Path made = partial.resolve("data");
      List<String> command = new ArrayList<>(asNobody);
      command.add(server.resolve("bin").resolve("initdb").toString());
      command.addAll(List.of("-D", made.toString(), "-U", OWNER, "-A", "scram-sha-256"));
      command.addAll(List.of("--pwfile", passwordFile.toString()));
      command.addAll(List.of("-E", "UTF8", "--locale=C", "--data-checksums", "--no-instructions"));
      run(command, "initdb");
      Files.move(made, data, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(passwordFile);
      Folders.delete(partial);
    }
  }

  private void refuseWithoutNamespaces() throws IOException {
    if (asNobody.isEmpty()) {
      return;
    }
    List<String> command = new ArrayList<>(asNobody);
    command.add("true");
    try {
      run(command, "unshare");
    } catch (IOException e) {
      throw new IOException(
          "PostgreSQL does not run as root, and this machine allows no user namespace (unshare -U): run as"
              + " another user, or set MANYCAST_DB_URL to a server of yours",
          e);
    }
  }

  private void configure(Path socketFolder) throws IOException {
    Files.createDirectories(socketFolder);
    Files.setPosixFilePermissions(socketFolder, PRIVATE);
    String socket = socketFolder.resolve(".s.PGSQL." + port).toString();
    // A longer path does not fit into a socket's address; loopback is there in any case.
    boolean fits = socket.getBytes(UTF_8).length <= SOCKET_PATH_BYTES;
    String settings =
        """
        # Written anew at every start: put nothing here.
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = '%s'
        password_encryption = 'scram-sha-256'
        max_connections = 100
        shared_buffers = 64MB
        max_wal_size = 512MB
        fsync = on
        jit = off
        timezone = 'UTC'
        cluster_name = 'manycast'
        # Nothing that a statement carries may reach the log: it would hold secrets in clear.
        log_timezone = 'UTC'
        log_line_prefix = '%%m [%%p] %%q%%u '
        log_statement = 'none'
        log_min_error_statement = 'panic'
        log_error_verbosity = 'terse'
        log_parameter_max_length = 0
        log_parameter_max_length_on_error = 0
        """
            .formatted(port, fits ? socketFolder.toString().replace("'", "''") : "");
    Files.writeString(data.resolve("postgresql.conf"), settings);
  }

  /** What goes before a program of the server, which will not run as root. */
  private static List<String> asNobody() throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      return List.of();
    }
    return List.of("unshare", "-U");
  }

  private static void run(List<String> command, String name) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(name + " does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(name + " failed (" + process.exitValue() + "): " + output);
    }
  }
}
