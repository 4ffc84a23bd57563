package manycast.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a measurement has found, as a table: printed, and kept in {@code system/target}.
 *
 * @param file its name there
 */
record Figures(String file) {
  static final String HEAD = "| | n | p50 | p99 | longest |\n| --- | --- | --- | --- | --- |\n";

  /** Numbers as a script joins them, with commas. */
  static List<Double> of(String joined) {
    return Arrays.stream(joined.split(",")).map(Double::valueOf).toList();
  }

  /** A row below {@link #HEAD}, rounded to whole numbers. */
  static String row(String what, List<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.0f | %.0f | %.0f |%n",
        what,
        sorted.length,
        median(figures),
        sorted[(int) (0.99 * (sorted.length - 1))],
        sorted[sorted.length - 1]);
  }

  static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }

  void write(String figures) throws IOException {
    Path path = Product.ROOT.resolve("system/target").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, figures);
    System.out.println(figures);
  }
}
