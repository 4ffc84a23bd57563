package manycast.launcher.commands;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import manycast.launcher.installation.Installation;
import manycast.launcher.product.Plane;
import manycast.launcher.product.Product;
import manycast.launcher.settings.Settings;

/**
 * The half of {@code run} that needs Java: says, each word ended by a zero byte, what the script is
 * to become. No word is secret.
 */
final class PrintCommand {
  private final Settings settings;
  private final Path root;

  PrintCommand(Settings settings, Path root) {
    this.settings = settings;
    this.root = root;
  }

  void run(String name) throws IOException, InterruptedException {
    List<String> command = command(name);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String word : command) {
      out.print(word);
      out.print('\0');
    }
    out.flush();
  }

  private List<String> command(String name) throws IOException, InterruptedException {
    if (name.equals(Installation.POSTGRES)) {
      return Installation.open(settings).postgres().command().prepare();
    }
    Product product = Product.prepare(root, new TrainingRun(() -> false), System.err::println);
    Plane plane =
        name.equals(Plane.CONTROL_PLANE.label()) ? Plane.CONTROL_PLANE : Plane.MEDIA_PLANE;
    return product.command(plane, Installation.flagsOf(plane, settings));
  }
}
