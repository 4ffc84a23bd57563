package manycast.launcher.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import manycast.launcher.installation.Installation;
import manycast.launcher.process.PidFile;
import manycast.launcher.process.Signals;
import manycast.launcher.process.StopPlan;
import manycast.launcher.product.Plane;

/** What the pid files of a home still name: stops it in the order in which a clean stop would. */
final class Leftovers {
  static final String UP = "up";
  static final String NODE = "node";

  private static final Duration NODE_COMMAND_MARGIN = Duration.ofSeconds(2);

  private final Installation installation;
  private final Consumer<String> console;

  Leftovers(Installation installation, Consumer<String> console) {
    this.installation = installation;
    this.console = console;
  }

  /** Stops everything that runs, and deletes every pid file. Returns how many processes ran. */
  int stopAll() throws IOException {
    int stopped = stopNodes();
    stopped +=
        stop(name -> name.equals(Plane.CONTROL_PLANE.label()), Installation.controlPlaneStop());
    stopped += stop(name -> name.equals(Installation.POSTGRES), Installation.postgresStop());
    stop(name -> name.equals(UP), new StopPlan(Signals.TERM, Duration.ZERO));
    return stopped;
  }

  /** First the {@code node} commands, which stop their own, then what no command watches. */
  private int stopNodes() throws IOException {
    return stopOtherNodes()
        + stop(name -> name.equals(Plane.MEDIA_PLANE.label()), installation.nodeStop());
  }

  /** Stops the nodes that {@code node} commands added. */
  int stopOtherNodes() throws IOException {
    StopPlan node = installation.nodeStop();
    StopPlan command = new StopPlan(Signals.TERM, node.deadline().plus(NODE_COMMAND_MARGIN));
    return stop(name -> name.startsWith(NODE + "-"), command)
        + stop(name -> name.startsWith(Plane.MEDIA_PLANE.label() + "-"), node);
  }

  @FunctionalInterface
  private interface Choice {
    boolean of(String name);
  }

  private int stop(Choice choice, StopPlan plan) throws IOException {
    Path folder = installation.home().run();
    List<String> names = PidFile.names(folder).stream().filter(choice::of).toList();
    // All are asked before any is waited for.
    for (String name : names) {
      PidFile.read(folder, name)
          .filter(file -> file.process().isAlive())
          .ifPresent(file -> plan.signal().send(file.process().pid()));
    }
    int stopped = 0;
    for (String name : names) {
      Optional<PidFile> file = PidFile.read(folder, name);
      if (file.isPresent() && file.get().process().isAlive()) {
        boolean byItself = new StopPlan(plan.signal(), plan.deadline()).stop(file.get().process());
        console.accept(
            "%s (pid %d) was left running: %s"
                .formatted(name, file.get().process().pid(), byItself ? "stopped" : "killed"));
        stopped++;
      }
      PidFile.delete(folder, name);
    }
    return stopped;
  }
}
