package manycast.system.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.product.Product;
import manycast.system.bench.host.Cores;
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

  /** The servers that can be compared, by name. */
  static final List<String> PEERS = List.of(FLOOR, MANYCAST, "nginx", "nginx60000");

  private static final int NGINX_LARGE_CHUNK = 60_000;
  private static final int NGINX_OWN_CHUNK = 4096;

  private final Arguments arguments;
  private final LoadTools tools;
  private final Cores cores;
  private final Manycast manycast;
  private final Consumer<String> console;
  private final Random chance;
  private final int sinkPort;

  Lab(
      Arguments arguments,
      LoadTools tools,
      Cores cores,
      Product product,
      Map<String, String> environment,
      Consumer<String> console)
      throws IOException, InterruptedException {
    this.arguments = arguments;
    this.tools = tools;
    this.cores = cores;
    this.console = console;
    this.chance = new Random(arguments.seed());
    this.sinkPort = NodePorts.freePorts(1).getFirst();
    console.accept("starting the database …");
    this.manycast = new Manycast(product, cores, environment, console);
  }

  Arguments arguments() {
    return arguments;
  }

  LoadTools tools() {
    return tools;
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
    return new ManycastPeer(MANYCAST, manycast, settings, arguments.jvmFlags());
  }

  /** The points that were asked for, else these. */
  List<Point> pointsOr(List<Point> own) {
    return arguments.points().isEmpty() ? own : arguments.points();
  }

  /** All that can be compared here, and is wanted: the floor first. */
  List<Peer> peers(Map<String, String> settings) {
    List<Peer> peers = new ArrayList<>();
    peers.add(FloorPeer.plain(tools));
    peers.add(manycast(settings));
    if (NginxPeer.isInstalled()) {
      peers.add(new NginxPeer("nginx", NGINX_OWN_CHUNK, cores));
      peers.add(new NginxPeer("nginx60000", NGINX_LARGE_CHUNK, cores));
    }
    List<String> wanted = arguments.peers();
    peers.removeIf(peer -> !wanted.isEmpty() && !wanted.contains(peer.name()));
    return peers;
  }

  /** For the end in the middle of the work: nothing that was started stays, nor its home. */
  void abandon() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    manycast.close();
  }

  @Override
  public void close() {
    manycast.close();
  }
}
