package manycast.system.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import manycast.system.bench.peer.Point;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./manycast bench} was asked for.
 *
 * @param benchmarks in the order they run
 * @param points instead of those that a benchmark has of its own; empty for those
 * @param peers only these of the servers that a benchmark compares; empty for all that are there
 * @param seed of everything that is left to chance: the order within rounds, the clip's sizes
 * @param windows how many pairs
 * @param length of a window
 * @param settle between the last destination's publish and the window
 * @param warmUp of a server that compiles while it runs
 * @param watch how long a pause is waited for
 * @param jvmFlags for media nodes, on top of the launcher's
 * @param out the file of results; a table for people goes beside it
 */
record Arguments(
    List<BenchmarkName> benchmarks,
    List<Point> points,
    List<String> peers,
    long seed,
    int windows,
    Duration length,
    Duration settle,
    Duration warmUp,
    Duration watch,
    List<String> jvmFlags,
    int leaveOut,
    @Nullable Path out) {

  /** Says what is wrong and what is accepted. */
  static final class BadArgumentException extends Exception {
    BadArgumentException(String message) {
      super(message);
    }
  }

  static final String USAGE =
      """
      usage: ./manycast bench [NAME…] [options]

      names, the standard set without any: %s

        --windows N       pairs of windows, 1 to 1000 (10)
        --seconds S       length of a window, 1 to 600 (10)
        --settle S        between the last publish and the window, 0 to 600 (2)
        --warm-up S       before the first window, 0 to 600 (30)
        --minutes N       how long `safepoint` watches, 1 to 120 (10)
        --points LIST     such as 1x50,20x5, instead of a benchmark's own
        --peers LIST      only these of floor, manycast, watched, nginx, nginx60000; `watched` is
                          manycast while somebody watches the newest broadcast, for %s
        --seed S          of the order within rounds and of the clip, a whole number (1)
        --jvm "FLAGS"     for media nodes, on top of the launcher's
        --leave-out N     our own publisher leaves out every Nth picture: the sink must notice
        --out FILE        results as JSON, and as tables beside it with .md

      MANYCAST_RTMPLOAD=DIR takes rtmpload and its clip from there instead of our own tools.
      """
          .formatted(BenchmarkName.words(), BenchmarkName.words(BenchmarkName.WATCHABLE));

  /**
   * Reads a command line.
   *
   * @throws BadArgumentException for the first word that is not accepted
   */
  static Arguments parse(List<String> words) throws BadArgumentException {
    Parsing parsing = new Parsing();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--")) {
        parsing.benchmarks.add(
            BenchmarkName.find(word)
                .orElseThrow(
                    () ->
                        new BadArgumentException(
                            "no benchmark \"%s\"; accepted: %s"
                                .formatted(word, BenchmarkName.words()))));
      } else if (i + 1 == words.size()) {
        throw new BadArgumentException(word + " needs a value; see ./manycast bench --help");
      } else {
        parsing.option(word, words.get(++i));
      }
    }
    return parsing.result();
  }

  private static final class Parsing {
    private final List<BenchmarkName> benchmarks = new ArrayList<>();
    private List<Point> points = List.of();
    private List<String> peers = List.of();
    private long seed = 1;
    private int windows = 10;
    private int seconds = 10;
    private int settle = 2;
    private int warmUp = 30;
    private int minutes = 10;
    private int leaveOut;
    private List<String> jvmFlags = List.of();
    private Optional<Path> out = Optional.empty();

    void option(String name, String value) throws BadArgumentException {
      switch (name) {
        case "--windows" -> windows = number(name, value, 1, 1000);
        case "--seconds" -> seconds = number(name, value, 1, 600);
        case "--settle" -> settle = number(name, value, 0, 600);
        case "--warm-up" -> warmUp = number(name, value, 0, 600);
        case "--minutes" -> minutes = number(name, value, 1, 120);
        case "--leave-out" -> leaveOut = number(name, value, 2, 1_000_000);
        case "--seed" -> seed = number(name, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "--points" -> points = points(value);
        case "--peers" -> peers = peers(value);
        case "--jvm" -> jvmFlags = List.of(value.strip().split("\\s+"));
        case "--out" -> out = Optional.of(Path.of(value));
        default ->
            throw new BadArgumentException(
                "no option \"%s\"; accepted: see ./manycast bench --help".formatted(name));
      }
    }

    private static int number(String name, String value, int least, int most)
        throws BadArgumentException {
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException notANumber) {
        // Refused below, as one out of bounds is.
      }
      throw new BadArgumentException(
          "%s \"%s\"; accepted: a whole number from %d to %d".formatted(name, value, least, most));
    }

    private static List<Point> points(String value) throws BadArgumentException {
      List<Point> points = new ArrayList<>();
      for (String each : value.split(",")) {
        try {
          points.add(Point.parse(each));
        } catch (IllegalArgumentException e) {
          throw new BadArgumentException("--points " + e.getMessage());
        }
      }
      return points;
    }

    private static List<String> peers(String value) throws BadArgumentException {
      List<String> peers = Arrays.asList(value.split(","));
      for (String each : peers) {
        if (!Lab.PEERS.contains(each)) {
          throw new BadArgumentException(
              "--peers \"%s\"; accepted: %s".formatted(each, String.join(", ", Lab.PEERS)));
        }
      }
      return peers;
    }

    Arguments result() throws BadArgumentException {
      List<BenchmarkName> wanted = benchmarks.isEmpty() ? BenchmarkName.standard() : benchmarks;
      refuseWatchedWhereNobodyWatches(wanted);
      return new Arguments(
          wanted,
          points,
          peers,
          seed,
          windows,
          Duration.ofSeconds(seconds),
          Duration.ofSeconds(settle),
          Duration.ofSeconds(warmUp),
          Duration.ofMinutes(minutes),
          jvmFlags,
          leaveOut,
          out.orElse(null));
    }

    private void refuseWatchedWhereNobodyWatches(List<BenchmarkName> wanted)
        throws BadArgumentException {
      List<BenchmarkName> others = new ArrayList<>(wanted);
      others.removeAll(BenchmarkName.WATCHABLE);
      if (peers.contains(Lab.WATCHED) && !others.isEmpty()) {
        throw new BadArgumentException(
            "--peers \"%s\" with %s; accepted with: %s"
                .formatted(
                    Lab.WATCHED,
                    BenchmarkName.words(others),
                    BenchmarkName.words(BenchmarkName.WATCHABLE)));
      }
    }
  }
}
