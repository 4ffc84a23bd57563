package manycast.launcher.commands;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manycast.db.migrate.Migrate;
import manycast.launcher.installation.Installation;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.installation.Probe;
import manycast.launcher.installation.WantedPort;
import manycast.launcher.process.ChildSpec;
import manycast.launcher.process.LogBounds;
import manycast.launcher.process.PidFile;
import manycast.launcher.process.ProcessId;
import manycast.launcher.process.SupervisedProcess;
import manycast.launcher.product.Plane;
import manycast.launcher.product.Product;
import manycast.launcher.settings.Ports;
import manycast.launcher.settings.Settings;
import org.jspecify.annotations.Nullable;

/** {@code up}: starts everything in order, supervises it, and stops it in the opposite order. */
public final class Up {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Settings settings;
  private final Path root;
  private final Console console;
  private final StopRequest stop;
  private final Attraction attraction;
  private final List<SupervisedProcess> running = new ArrayList<>();

  /** What goes on on top of a running installation, and where the sign-in link leads. */
  public interface Attraction extends AutoCloseable {
    /** Prepares it and returns the path of the page to open. */
    String open(Installation installation)
        throws IOException, InterruptedException, CommandFailedException;

    /** Goes on; after this everything is printed and ready. */
    void start();

    @Override
    void close();
  }

  /** Nothing on top. */
  public static final Attraction NOTHING =
      new Attraction() {
        @Override
        public String open(Installation installation) {
          return "/";
        }

        @Override
        public void start() {}

        @Override
        public void close() {}
      };

  public Up(
      Settings settings, Path root, Console console, StopRequest stop, Attraction attraction) {
    this.settings = settings;
    this.root = root;
    this.console = console;
    this.stop = stop;
    this.attraction = attraction;
  }

  /** Runs until it is asked to stop. */
  public void run() throws IOException, InterruptedException, CommandFailedException {
    settings.notices().forEach(console);
    Installation installation = Installation.open(settings);
    Optional<FileLock> lock = installation.home().lock();
    if (lock.isEmpty()) {
      throw new CommandFailedException(
          String.join("\n", concat(alreadyRunning(installation), takenPorts(installation))));
    }
    try (FileLock held = lock.get()) {
      new Leftovers(installation, console).stopAll();
      List<String> taken = takenPorts(installation);
      if (!taken.isEmpty()) {
        throw new CommandFailedException(String.join("\n", taken));
      }
      runLocked(installation);
      if (!held.isValid()) {
        throw new IOException("the lock on the home was lost");
      }
    }
  }

  private static List<String> concat(String first, List<String> rest) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return all;
  }

  private static String alreadyRunning(Installation installation) throws IOException {
    String pid =
        PidFile.read(installation.home().run(), Leftovers.UP)
            .map(file -> " (pid %d)".formatted(file.process().pid()))
            .orElse("");
    return "up runs already in %s%s: stop it, or set MANYCAST_HOME"
        .formatted(installation.home().path(), pid);
  }

  private static List<String> takenPorts(Installation installation) {
    return installation.wantedPorts().stream()
        .filter(port -> !port.isFree())
        .map(WantedPort::toFault)
        .toList();
  }

  private void runLocked(Installation installation)
      throws IOException, InterruptedException, CommandFailedException {
    Path pidFiles = installation.home().run();
    long began = System.nanoTime();
    Product product = Product.prepare(root, new TrainingRun(stop::isRequested), console);
    if (stop.isRequested()) {
      return;
    }
    new PidFile(ProcessId.ofThisProcess(), Map.of()).write(pidFiles, Leftovers.UP);
    settings.surprises(installation.home().readSettings()).forEach(console);
    installation.keepSettings();
    stop.whenImpatient(() -> running.forEach(SupervisedProcess::kill));
    try (attraction) {
      startAll(installation, product);
      if (!stop.isRequested()) {
        String page = attraction.open(installation);
        announce(installation, page);
        attraction.start();
        console.accept(
            "READY after %.1f s; Ctrl-C stops everything"
                .formatted((System.nanoTime() - began) / 1e9));
        supervise();
      }
    } finally {
      stopAll(installation);
      PidFile.delete(pidFiles, Leftovers.UP);
    }
  }

  private void startAll(Installation installation, Product product)
      throws IOException, InterruptedException, CommandFailedException {
    if (!settings.externalDatabase()) {
      awaitUp(start(installation, installation.postgres()));
    }
    if (stop.isRequested()) {
      return;
    }
    try {
      Migrate.Result result = installation.migrate();
      console.accept(
          result.migrations() == 0
              ? "the database's schema is at version " + result.version()
              : "migrated the database to version " + result.version());
    } catch (SQLException e) {
      throw new CommandFailedException("the database cannot be migrated: " + e.getMessage());
    }
    Ports ports = settings.ports();
    NodePorts node =
        new NodePorts(ports.rtmp(), ports.rtmps(), ports.mediaHttp(), ports.mediaInternal());
    SupervisedProcess control = start(installation, installation.controlPlane(product::command));
    SupervisedProcess media =
        start(
            installation,
            installation.mediaPlane(Plane.MEDIA_PLANE.label(), node, product::command));
    awaitUp(media);
    awaitUp(control);
    awaitReady(media, ports.mediaInternal());
    awaitReady(control, ports.internal());
  }

  private SupervisedProcess start(Installation installation, ChildSpec spec) throws IOException {
    console.accept("starting " + spec.name() + " …");
    SupervisedProcess process = new SupervisedProcess(spec, installation.home().run(), console);
    running.add(process);
    process.start();
    return process;
  }

  private void awaitUp(SupervisedProcess process)
      throws InterruptedException, CommandFailedException {
    if (process.awaitUp(START, stop::isRequested) || stop.isRequested()) {
      return;
    }
    if (process.gaveUp()) {
      throw new CommandFailedException(
          2, process.spec().name() + " cannot run with these settings");
    }
    throw new CommandFailedException(
        "%s is not up after %d s; the end of its log:%n%s"
            .formatted(
                process.spec().name(), START.toSeconds(), String.join("\n", process.lastLines())));
  }

  private void awaitReady(SupervisedProcess process, int port)
      throws InterruptedException, CommandFailedException {
    long end = System.nanoTime() + START.toNanos();
    while (!stop.isRequested()) {
      Probe.Answer answer = Probe.get(port, "/readyz");
      if (answer.status() == 200) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new CommandFailedException(
            "%s is not ready after %d s: %s"
                .formatted(process.spec().name(), START.toSeconds(), answer.body()));
      }
      Thread.sleep(100);
    }
  }

  private void announce(Installation installation, String page)
      throws IOException, InterruptedException, CommandFailedException {
    Announcement announcement = new Announcement(settings);
    announcement.firstAdminOnce(installation, console);
    announcement.addresses().forEach(console);
    announcement.signIn(SignInLink.make(installation, page, null)).forEach(console);
  }

  private void supervise() throws InterruptedException {
    LogBounds logs = new LogBounds(console);
    while (!stop.await(ROUND)) {
      for (SupervisedProcess process : running) {
        logs.keep(process.spec().log());
      }
    }
  }

  private void stopAll(Installation installation) throws IOException {
    if (running.isEmpty()) {
      return;
    }
    console.accept("stopping …");
    // The order of starting backwards: nodes write their last state, then the dashboard goes, then
    // the database.
    @Nullable SupervisedProcess media = find(Plane.MEDIA_PLANE.label());
    if (media != null) {
      Thread own = Thread.ofPlatform().start(media::stop);
      new Leftovers(installation, line -> {}).stopOtherNodes();
      join(own);
    }
    for (SupervisedProcess process : running.reversed()) {
      process.stop();
    }
    console.accept("stopped");
  }

  private @Nullable SupervisedProcess find(String name) {
    for (SupervisedProcess process : running) {
      if (process.spec().name().equals(name)) {
        return process;
      }
    }
    return null;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
