package manycast.launcher.commands;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import manycast.launcher.home.Home;
import manycast.launcher.installation.Installation;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.installation.Probe;
import manycast.launcher.process.LogBounds;
import manycast.launcher.process.PidFile;
import manycast.launcher.process.ProcessId;
import manycast.launcher.process.SupervisedProcess;
import manycast.launcher.product.Plane;
import manycast.launcher.product.Product;
import manycast.launcher.settings.Settings;

/** {@code node}: one more media node beside those of {@code up}, with which it ends. */
final class Node {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final int MOST_NODES = 100;

  private final Settings settings;
  private final Path root;
  private final Console console;
  private final StopRequest stop;

  Node(Settings settings, Path root, Console console, StopRequest stop) {
    this.settings = settings;
    this.root = root;
    this.console = console;
    this.stop = stop;
  }

  void run() throws IOException, InterruptedException, CommandFailedException {
    ProcessId up =
        running(settings.home())
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "nothing runs in %s: start it with up".formatted(settings.home())));
    Installation installation = Installation.open(settings);
    Product product = Product.prepare(root, new TrainingRun(stop::isRequested), console);
    for (int number = 2; number < MOST_NODES; number++) {
      // Held for as long as this command lives, so that no other one takes the number.
      try (FileChannel channel =
              FileChannel.open(
                  installation.home().run().resolve("node-%d.lock".formatted(number)),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock != null) {
          run(installation, product, up, number);
          return;
        }
      }
    }
    throw new CommandFailedException("this home has %d nodes already".formatted(MOST_NODES));
  }

  private static Optional<ProcessId> running(Path home) throws IOException {
    Optional<Home> existing = Home.existing(home);
    return existing.isEmpty()
        ? Optional.empty()
        : PidFile.read(existing.get().run(), Leftovers.UP)
            .map(PidFile::process)
            .filter(ProcessId::isAlive);
  }

  private void run(Installation installation, Product product, ProcessId up, int number)
      throws IOException, InterruptedException, CommandFailedException {
    Path pidFiles = installation.home().run();
    String command = Leftovers.NODE + "-" + number;
    String name = Plane.MEDIA_PLANE.label() + "-" + number;
    NodePorts ports = NodePorts.free();
    new PidFile(ProcessId.ofThisProcess(), Map.of()).write(pidFiles, command);
    SupervisedProcess node =
        new SupervisedProcess(
            installation.mediaPlane(name, ports, product::command), pidFiles, console);
    stop.whenImpatient(node::kill);
    try {
      node.start();
      awaitReady(node, ports.internal());
      if (!stop.isRequested()) {
        console.accept("rtmp://%s:%d/live".formatted(settings.publicHost(), ports.rtmp()));
        console.accept("rtmps://%s:%d/live".formatted(settings.publicHost(), ports.rtmps()));
        console.accept("READY %s, internal port %d".formatted(name, ports.internal()));
      }
      LogBounds logs = new LogBounds(console);
      while (!stop.await(ROUND) && up.isAlive()) {
        logs.keep(node.spec().log());
      }
    } finally {
      node.stop();
      PidFile.delete(pidFiles, command);
    }
  }

  private void awaitReady(SupervisedProcess node, int port)
      throws InterruptedException, CommandFailedException {
    boolean up = node.awaitUp(START, stop::isRequested);
    long end = System.nanoTime() + START.toNanos();
    while (up
        && !Probe.answersOk(port, "/readyz")
        && System.nanoTime() < end
        && !stop.isRequested()) {
      Thread.sleep(100);
    }
    if (!stop.isRequested() && !(up && Probe.answersOk(port, "/readyz"))) {
      throw new CommandFailedException(
          node.gaveUp() ? 2 : 1,
          "%s does not get ready:%n%s"
              .formatted(node.spec().name(), String.join("\n", node.lastLines())));
    }
  }
}
