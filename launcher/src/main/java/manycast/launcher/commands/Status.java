package manycast.launcher.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import manycast.launcher.home.Home;
import manycast.launcher.installation.Installation;
import manycast.launcher.installation.Probe;
import manycast.launcher.process.PidFile;
import manycast.launcher.product.Plane;
import manycast.launcher.settings.Settings;

/** {@code status}: what runs in this home, and how well. */
final class Status {
  private static final int ALL_WELL = 0;
  private static final int NOT_WELL = 1;
  private static final int NOTHING_RUNS = 3;

  private final Settings settings;
  private final Consumer<String> console;

  Status(Settings settings, Consumer<String> console) {
    this.settings = settings;
    this.console = console;
  }

  private record Line(
      String name, long pid, Map<String, Integer> ports, boolean well, String health) {}

  int run() throws IOException {
    Optional<Home> home = Home.existing(settings.home());
    List<Line> lines = home.isPresent() ? lines(home.get().run()) : List.of();
    if (lines.stream().allMatch(line -> line.health().equals("gone"))) {
      console.accept("nothing runs in " + settings.home());
      return NOTHING_RUNS;
    }
    console.accept("%-16s %8s  %-12s %s".formatted("NAME", "PID", "HEALTH", "PORTS"));
    for (Line line : lines) {
      console.accept(
          "%-16s %8d  %-12s %s"
              .formatted(
                  line.name(),
                  line.pid(),
                  line.health(),
                  line.ports().entrySet().stream()
                      .map(port -> port.getKey() + " " + port.getValue())
                      .collect(Collectors.joining(", "))));
    }
    List<String> missing = missing(lines);
    missing.forEach(name -> console.accept(name + " does not run"));
    return missing.isEmpty() && lines.stream().allMatch(Line::well) ? ALL_WELL : NOT_WELL;
  }

  private List<String> missing(List<Line> lines) {
    List<String> wanted =
        new ArrayList<>(
            List.of(Leftovers.UP, Plane.CONTROL_PLANE.label(), Plane.MEDIA_PLANE.label()));
    if (!settings.externalDatabase()) {
      wanted.add(Installation.POSTGRES);
    }
    wanted.removeIf(name -> lines.stream().anyMatch(line -> line.name().equals(name)));
    return wanted;
  }

  private static List<Line> lines(Path pidFiles) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String name : PidFile.names(pidFiles)) {
      Optional<PidFile> file = PidFile.read(pidFiles, name);
      if (file.isPresent()) {
        lines.add(line(name, file.get()));
      }
    }
    return lines;
  }

  private static Line line(String name, PidFile file) {
    long pid = file.process().pid();
    if (!file.process().isAlive()) {
      return new Line(name, pid, file.ports(), false, "gone");
    }
    Integer internal = file.ports().get("internal");
    Integer database = file.ports().get("database");
    if (internal != null) {
      Probe.Answer answer = Probe.get(internal, "/readyz");
      boolean ready = answer.status() == 200;
      return new Line(
          name,
          pid,
          file.ports(),
          ready,
          ready ? "ready" : answer.status() == 0 ? "no answer" : "not ready");
    }
    if (database != null) {
      boolean listens = Probe.accepts(database);
      return new Line(name, pid, file.ports(), listens, listens ? "listens" : "no answer");
    }
    return new Line(name, pid, file.ports(), true, "runs");
  }
}
