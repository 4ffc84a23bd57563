package manycast.control.dashboard;

import java.util.Locale;

/**
 * A curve as two SVG paths, its line and the area below it, on a field whose height is that of
 * {@link BitrateChart}; made of points from left to right, with gaps between them.
 */
final class CurvePath {
  private static final int HEIGHT = BitrateChart.HEIGHT;

  private final double top;
  private final StringBuilder line = new StringBuilder();
  private final StringBuilder area = new StringBuilder();
  private int run;
  private String lastX = "";

  /**
   * Without points yet.
   *
   * @param top the value at the upper edge
   */
  CurvePath(double top) {
    this.top = top;
  }

  void point(double x, double value) {
    lastX = written(x);
    String point = lastX + " " + written(HEIGHT - HEIGHT * value / top);
    line.append(run == 0 ? 'M' : 'L').append(point);
    if (run == 0) {
      area.append('M').append(lastX).append(' ').append(HEIGHT);
    }
    area.append('L').append(point);
    run++;
  }

  /** Nothing is known between the last point and the next. */
  void gap() {
    if (run == 1) {
      // A line without length is drawn as a dot.
      line.append("h0");
    }
    if (run > 0) {
      area.append('L').append(lastX).append(' ').append(HEIGHT).append('Z');
    }
    run = 0;
  }

  String line() {
    return line.toString();
  }

  String area() {
    return area.toString();
  }

  /** With one decimal where it has one. */
  static String written(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replace(".0", "");
  }

  /** The next 1, 1.5, 2, 3, 5 or 8 of some power of ten, with a little room above. */
  static long niceAbove(double value, double least) {
    double wanted = Math.max(value * 1.1, least);
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double step : new double[] {1, 1.5, 2, 3, 5, 8, 10}) {
      if (step * power >= wanted) {
        return Math.round(step * power);
      }
    }
    return Math.round(10 * power);
  }
}
