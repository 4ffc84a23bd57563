package manycast.system.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** The middle of some figures: the median with its quartiles. */
record Spread(double median, double lower, double upper, int count) {
  static Spread of(Collection<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no figures have no median");
    }
    return new Spread(
        quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75), sorted.length);
  }

  /** Linear between the two figures that are nearest. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
  }

  static Spread of(double... figures) {
    return of(Arrays.stream(figures).boxed().toList());
  }

  /** {@code median (lower–upper)}; the median alone when there was one figure. */
  @Override
  public String toString() {
    return count == 1
        ? written(median)
        : "%s (%s–%s)".formatted(written(median), written(lower), written(upper));
  }

  /** Three digits that matter. */
  static String written(double figure) {
    double size = Math.abs(figure);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, figure);
  }
}
