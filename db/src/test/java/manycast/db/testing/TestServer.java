package manycast.db.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manycast.db.postgres.Binaries;
import manycast.db.postgres.EmbeddedPostgres;
import manycast.db.postgres.Folders;

/** One server on its own port, durable only as long as the test that uses it. */
final class TestServer {
  static final String OWNER_PASSWORD = "owner-password-of-tests";

  private static final Path TEMP = Path.of(System.getProperty("java.io.tmpdir"));
  private static final String PREFIX = "manycast-test-server-";

  private final Path home;
  private final int port;
  private Process process;

  private TestServer(Path home, int port, Process process) {
    this.home = home;
    this.port = port;
    this.process = process;
  }

  /** Starts a server that ends, at the latest, with this JVM. */
  static TestServer launch() {
    try {
      removeAbandoned();
      Path home = Files.createTempDirectory(TEMP, PREFIX + ProcessHandle.current().pid() + "-");
      shareBinaries(home);
      int port = freePort();
      EmbeddedPostgres postgres = EmbeddedPostgres.prepare(home, port, OWNER_PASSWORD);
      TestServer server = new TestServer(home, port, start(postgres, home));
      Runtime.getRuntime().addShutdownHook(new Thread(server::destroy, "test-server-end"));
      StartingServer.await(port, OWNER_PASSWORD);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException("the test server does not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return port;
  }

  String url(String database) {
    return EmbeddedPostgres.jdbcUrl(port, database);
  }

  String log() {
    try {
      return Files.readString(home.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fast shutdown, as an operator's restart does it: connections are cut, nothing is lost. */
  void stop() {
    signal("INT");
    awaitExit();
  }

  /** SIGKILL to the postmaster. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Starts again on the same port and data. */
  void start() {
    try {
      process = start(EmbeddedPostgres.prepare(home, port, OWNER_PASSWORD), home);
      StartingServer.await(port, OWNER_PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException("the test server does not start again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends the server for good and removes its data. */
  void destroy() {
    try {
      if (process.isAlive()) {
        // Immediate shutdown: the data goes with it.
        signal("QUIT");
        awaitExit();
      }
      Folders.delete(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process start(EmbeddedPostgres postgres, Path home) throws IOException {
    List<String> command = new ArrayList<>(postgres.command());
    for (String setting : List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off")) {
      command.add("-c");
      command.add(setting);
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
        .start();
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitExit() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Unpacked once a machine, not once a JVM. */
  private static void shareBinaries(Path home) throws IOException {
    Path shared = Binaries.unpack(TEMP.resolve("manycast-test-postgres"));
    Path folder = Files.createDirectories(home.resolve("postgres"));
    Files.createSymbolicLink(folder.resolve(shared.getFileName()), shared);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A JVM that was killed could not end its server. */
  private static void removeAbandoned() throws IOException {
    try (var homes = Files.newDirectoryStream(TEMP, PREFIX + "*")) {
      for (Path home : homes) {
        String pid = home.getFileName().toString().substring(PREFIX.length()).split("-")[0];
        if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          EmbeddedPostgres.runningPid(home)
              .ifPresent(left -> ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly));
          Folders.delete(home);
        }
      }
    } catch (IOException e) {
      // Another JVM cleans up at the same moment, or it is another user's: not ours to insist.
      return;
    }
  }
}
