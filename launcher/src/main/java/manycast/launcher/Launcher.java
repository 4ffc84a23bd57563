package manycast.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import manycast.launcher.commands.CommandFailedException;
import manycast.launcher.commands.Commands;
import manycast.launcher.settings.BadSettingsException;

/** What {@code ./manycast} hands over to: runs one command and ends with its exit code. */
public final class Launcher {
  /** Property that names the checkout. */
  public static final String ROOT = "manycast.root";

  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  static void main(String[] args) {
    Path root = Path.of(System.getProperty(ROOT, ".")).toAbsolutePath().normalize();
    System.exit(run(List.of(args), System.getenv(), root));
  }

  /** Runs a command and returns its exit code. */
  static int run(List<String> args, Map<String, String> environment, Path root) {
    try {
      return new Commands(environment, root).run(args);
    } catch (BadSettingsException e) {
      e.faults().forEach(System.err::println);
      return BAD_USAGE;
    } catch (CommandFailedException e) {
      System.err.println("manycast: " + e.getMessage());
      return e.exitCode();
    } catch (IOException | SQLException e) {
      System.err.println("manycast: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private Launcher() {}
}
