package manycast.launcher.commands;

import java.io.IOException;
import java.nio.file.Path;
import manycast.launcher.product.Product;

/**
 * The half of {@code doctor URL KEY} that publishes: the media plane's own connection test, as a
 * process that inherits our input, where URL and key stand, and our output.
 */
final class DestinationTest {
  private static final String TEST = "manycast.media.probe.Probe";

  private final Path root;

  DestinationTest(Path root) {
    this.root = root;
  }

  int run() throws IOException, InterruptedException {
    return new ProcessBuilder(Product.mediaTool(root, TEST)).inheritIO().start().waitFor();
  }
}
