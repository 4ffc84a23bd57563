package manycast.launcher.commands;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manycast.launcher.home.Home;
import manycast.launcher.installation.Installation;
import manycast.launcher.settings.Settings;

/** The list of commands. */
public final class Commands {
  private static final int BAD_USAGE = 2;

  private final Map<String, String> environment;
  private final Path root;
  private final Console console;

  /**
   * @param root the checkout, where the planes were built
   */
  public Commands(Map<String, String> environment, Path root) {
    this(
        environment,
        root,
        new Console(
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
            onTerminal()));
  }

  Commands(Map<String, String> environment, Path root, Console console) {
    this.environment = environment;
    this.root = root;
    this.console = console;
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where neither stdin nor stdout is a terminal
  private static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  /** Runs one and returns the exit code. */
  public int run(List<String> args)
      throws IOException, InterruptedException, SQLException, CommandFailedException {
    String command = args.isEmpty() ? "" : args.getFirst();
    return switch (command) {
      case "up" -> {
        new Up(settings(), root, console, StopRequest.onSignals(), Up.NOTHING).run();
        yield 0;
      }
      case "demo" -> {
        new Up(settings(), root, console, StopRequest.onSignals(), new DemoAttraction(console))
            .run();
        yield 0;
      }
      case "node" -> {
        new Node(settingsOfAnotherNode(), root, console, StopRequest.onSignals()).run();
        yield 0;
      }
      case "migrate" -> {
        new MigrateCommand(settingsInThisHome(), console).run();
        yield 0;
      }
      case "status" -> new Status(settingsInThisHome(), console).run();
      case "sign-in" -> {
        Installation installation = Installation.open(settingsInThisHome());
        console.accept(
            SignInLink.make(installation, "/", args.size() > 1 ? args.get(1) : null).toString());
        yield 0;
      }
      case "doctor" -> {
        int environmentIs = new Doctor(settingsInThisHome(), console).run();
        // The server URL and the stream key come on the input, which is handed on.
        int destinationIs = args.size() > 1 ? new DestinationTest(root).run() : 0;
        yield Math.max(environmentIs, destinationIs);
      }
      case "print-command" -> {
        new PrintCommand(settings(), root).run(args.get(1));
        yield 0;
      }
      default -> throw new CommandFailedException(BAD_USAGE, "no command '%s'".formatted(command));
    };
  }

  private Settings settings() {
    return Settings.of(environment, root);
  }

  /** The environment on top of what {@code up} was started with in this home. */
  private Settings settingsInThisHome() throws IOException {
    return Settings.inHome(kept(), environment, root);
  }

  private Settings settingsOfAnotherNode() throws IOException {
    return Settings.ofAnotherNode(kept(), environment, root);
  }

  private Map<String, String> kept() throws IOException {
    Optional<Home> home = Home.existing(Settings.home(environment, root));
    return home.isPresent() ? home.get().readSettings() : Map.of();
  }
}
