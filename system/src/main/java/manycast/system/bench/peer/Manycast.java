package manycast.system.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import manycast.db.keys.MediaKeys;
import manycast.launcher.installation.Installation;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.process.SupervisedProcess;
import manycast.launcher.product.Product;
import manycast.launcher.settings.Settings;
import manycast.system.bench.host.Cores;

/**
 * An installation of our own for the length of a benchmark: the embedded database in a temporary
 * home, migrated, with streams and destinations as a control plane writes them. Only media nodes
 * run on it, pinned to the server's core; nothing else costs while they are measured. Owns the
 * database and the home.
 */
public final class Manycast implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Product product;
  private final Cores cores;
  private final Map<String, String> environment;
  private final Consumer<String> console;
  private final Path home;
  private final Installation installation;
  private final SupervisedProcess database;
  private int nodes;

  /**
   * Starts the database and brings it to this program's schema.
   *
   * @param environment settings for the nodes; those of places and ports are chosen here
   */
  public Manycast(
      Product product, Cores cores, Map<String, String> environment, Consumer<String> console)
      throws IOException, InterruptedException {
    this.product = product;
    this.cores = cores;
    this.environment = environment;
    this.console = console;
    this.home = Files.createTempDirectory("manycast-bench");
    this.installation = Installation.open(settings(Map.of()));
    this.database =
        new SupervisedProcess(installation.postgres(), installation.home().run(), console);
    boolean started = false;
    try {
      database.start();
      if (!database.awaitUp(START, () -> false)) {
        throw new IOException(
            "the database does not start:\n" + String.join("\n", database.lastLines()));
      }
      installation.migrate();
      started = true;
    } catch (SQLException e) {
      throw new IOException("the benchmark's database: " + e.getMessage(), e);
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private Settings settings(Map<String, String> more) throws IOException {
    Map<String, String> variables = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (!name.matches("MANYCAST_(DB_.*|.*_URL|HOME|.*_PORT|RTMPLOAD)")) {
            variables.put(name, value);
          }
        });
    variables.put("MANYCAST_HOME", home.toString());
    variables.put("MANYCAST_PUBLIC_HOST", "localhost");
    variables.put("MANYCAST_DRAIN_TIMEOUT", "5s");
    variables.putAll(more);
    variables.putAll(ports());
    return Settings.of(variables, home);
  }

  private Map<String, String> ports() throws IOException {
    Path kept = home.resolve("database-port");
    List<Integer> free = NodePorts.freePorts(3);
    if (!Files.exists(kept)) {
      Files.writeString(kept, free.get(2).toString());
    }
    return Map.of(
        "MANYCAST_HTTP_PORT", free.get(0).toString(),
        "MANYCAST_INTERNAL_PORT", free.get(1).toString(),
        "MANYCAST_DB_PORT", Files.readString(kept));
  }

  /** The streams of this installation, and what they go to. */
  public Streams streams() throws IOException {
    try {
      return new Streams(
          installation.connectAsOwner(), MediaKeys.parse(installation.credentials().mediaKey()));
    } catch (SQLException e) {
      throw new IOException("the benchmark's database: " + e.getMessage(), e);
    }
  }

  /** A connection to the database as its owner. */
  public Connection connectAsOwner() throws SQLException {
    return installation.connectAsOwner();
  }

  /**
   * Starts a media node, and waits until it is up.
   *
   * @param settings on top of the environment's
   * @param jvmFlags on top of the launcher's
   */
  public MediaNode startNode(Map<String, String> settings, List<String> jvmFlags)
      throws IOException, InterruptedException {
    MediaNode node = prepareNode(settings, jvmFlags);
    node.start(START);
    return node;
  }

  /** The same, not started. */
  public MediaNode prepareNode(Map<String, String> settings, List<String> jvmFlags)
      throws IOException {
    NodePorts ports = NodePorts.free();
    Installation with = Installation.open(settings(settings));
    String name = "media-plane-" + ++nodes;
    return new MediaNode(
        with.mediaPlane(name, ports, new PinnedCommand(product, cores, jvmFlags)::of),
        with.home().run(),
        ports,
        console);
  }

  /** Starts a control plane on the server's core, and waits until it is ready for work. */
  public ControlPlane startControlPlane() throws IOException, InterruptedException {
    Installation with = Installation.open(settings(Map.of()));
    var plane =
        new ControlPlane(
            new SupervisedProcess(
                with.controlPlane(new PinnedCommand(product, cores, List.of())::of),
                with.home().run(),
                console),
            with.settings().ports().http(),
            with.credentials());
    plane.start(START);
    return plane;
  }

  @Override
  public void close() {
    database.stop();
    Folders.delete(home);
  }
}
