package manycast.system.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.product.Product;
import manycast.system.bench.peer.FloorPeer;
import manycast.system.bench.peer.Manycast;
import manycast.system.bench.peer.ManycastPeer;
import manycast.system.bench.peer.NginxPeer;
import manycast.system.bench.peer.Peer;
import manycast.system.bench.peer.Point;
import manycast.system.bench.tools.LoadTools;

/** What all benchmarks of a run share. Owns the installation that is measured. */
final class Lab implements AutoCloseable {
  static final String FLOOR = "floor";
  static final String MANYCAST = "manycast";

  /** The same while somebody watches; compared only where it is named. */
  static final String WATCHED = "watched";

  /** The servers that can be compared, by name. */
  static final List<String> PEERS = List.of(FLOOR, MANYCAST, WATCHED, "nginx", "nginx60000");

  private static final Duration STOP = Duration.ofSeconds(2);
  private static final int NGINX_LARGE_CHUNK = 60_000;
  private static final int NGINX_OWN_CHUNK = 4096;

  private final Path checkout;
  private final Arguments arguments;
  private final LoadTools tools;
  private final LoadTools ours;
  private final Manycast manycast;
  private final Consumer<String> console;
  private final Random chance;
  private final int sinkPort;

  /**
   * Starts the installation.
   *
   * @param checkout whose product this is
   * @param tools what measures
   * @param ours our own tools; the same, where no others were named
   */
  static Lab open(
      Path checkout,
      Arguments arguments,
      LoadTools tools,
      LoadTools ours,
      Product product,
      Map<String, String> environment,
      Consumer<String> console)
      throws IOException, InterruptedException {
    console.accept("starting the database …");
    return new Lab(
        checkout,
        arguments,
        tools,
        ours,
        new Manycast(product, tools.cores(), environment, console),
        console,
        new Random(arguments.seed()),
        NodePorts.freePorts(1).getFirst());
  }

  private Lab(
      Path checkout,
      Arguments arguments,
      LoadTools tools,
      LoadTools ours,
      Manycast manycast,
      Consumer<String> console,
      Random chance,
      int sinkPort) {
    this.checkout = checkout;
    this.arguments = arguments;
    this.tools = tools;
    this.ours = ours;
    this.manycast = manycast;
    this.console = console;
    this.chance = chance;
    this.sinkPort = sinkPort;
  }

  /** The same with other tools; it is not closed apart. */
  Lab with(LoadTools others) {
    return new Lab(checkout, arguments, others, ours, manycast, console, chance, sinkPort);
  }

  /** Whose product is measured, and where it was built. */
  Path checkout() {
    return checkout;
  }

  Arguments arguments() {
    return arguments;
  }

  LoadTools tools() {
    return tools;
  }

  /** Our own tools, whichever measure. */
  LoadTools ours() {
    return ours;
  }

  /** The one port that sinks listen on and destinations point to. */
  int sinkPort() {
    return sinkPort;
  }

  Random chance() {
    return chance;
  }

  Manycast manycast() {
    return manycast;
  }

  /** For a person who waits. */
  void say(String line) {
    console.accept(line);
  }

  /** A media node with these settings on top of the environment's. */
  ManycastPeer manycast(Map<String, String> settings) {
    return manycast(MANYCAST, settings);
  }

  private ManycastPeer manycast(String name, Map<String, String> settings) {
    return new ManycastPeer(name, "rtmp", manycast, settings, arguments.jvmFlags());
  }

  /** The points that were asked for, else these. */
  List<Point> pointsOr(List<Point> own) {
    return arguments.points().isEmpty() ? own : arguments.points();
  }

  /** What needs nothing from outside. */
  List<Peer> floorAndManycast(Map<String, String> settings) {
    return List.of(FloorPeer.plain(tools), manycast(settings));
  }

  /** All that can be compared here, and is wanted: the floor first. */
  List<Peer> peers(Map<String, String> settings) {
    List<Peer> peers = new ArrayList<>();
    peers.add(FloorPeer.plain(tools));
    peers.add(manycast(settings));
    if (NginxPeer.isInstalled()) {
      peers.add(new NginxPeer("nginx", NGINX_OWN_CHUNK, tools.cores()));
      peers.add(new NginxPeer("nginx60000", NGINX_LARGE_CHUNK, tools.cores()));
    }
    List<String> wanted = arguments.peers();
    if (wanted.contains(WATCHED)) {
      peers.add(manycast(WATCHED, settings));
    }
    peers.removeIf(peer -> !wanted.isEmpty() && !wanted.contains(peer.name()));
    return peers;
  }

  /**
   * For the end in the middle of the work: nothing that was started stays, nor its home.
   *
   * @param worker who measures; it is stopped first, or it would start the next server
   */
  void abandon(Thread worker) {
    worker.interrupt();
    try {
      worker.join(STOP);
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    manycast.close();
  }

  @Override
  public void close() {
    manycast.close();
  }
}
