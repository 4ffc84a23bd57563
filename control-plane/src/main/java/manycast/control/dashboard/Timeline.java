package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.incidents.Incident;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a broadcast: one lane over its whole length, and a line for each incident.
 *
 * @param until when it ended; null while it runs
 * @param lines the newest first
 * @param more how many earlier ones are not among them
 */
record Timeline(boolean shown, Instant since, @Nullable Instant until, List<Line> lines, int more) {
  /** The lane's length in units. */
  static final int LANE = 1000;

  /** What can still be seen. */
  private static final int LEAST = 6;

  private static final int MOST_LINES = 12;

  /** Of what is over all can be read in peace. */
  private static final int MOST_LINES_OF_WHOLE = 100;

  /** The lane grows by this, so that it need not be sent every second. */
  private static final Duration GROWTH = Duration.ofSeconds(30);

  static final Timeline HIDDEN = new Timeline(false, Instant.EPOCH, null, List.of(), 0);

  /**
   * One incident.
   *
   * @param hop who is to blame, as a word for the style sheet; {@code title} for people
   * @param lasted how long, in words; null while it lasts
   * @param x where it begins on the lane, {@code width} how long it is there
   */
  record Line(
      Instant at,
      String atText,
      String hop,
      String title,
      @Nullable String destination,
      String sentence,
      String evidence,
      @Nullable String lasted,
      long x,
      long width) {}

  /**
   * Of a broadcast that began then and still runs.
   *
   * @param names of the present destinations
   */
  static Timeline of(
      Instant since, List<Incident> incidents, Map<UUID, String> names, Instant now) {
    long step = GROWTH.toMillis();
    long length = (Math.max(0, Duration.between(since, now).toMillis()) / step + 1) * step;
    return of(since, null, length, incidents, names, MOST_LINES);
  }

  /**
   * Of a broadcast that is over.
   *
   * @param names of its destinations, as they were
   */
  static Timeline ofWhole(
      Instant since, Instant until, List<Incident> incidents, Map<UUID, String> names) {
    long length = Math.max(1, Duration.between(since, until).toMillis());
    return of(since, until, length, incidents, names, MOST_LINES_OF_WHOLE);
  }

  private static Timeline of(
      Instant since,
      @Nullable Instant until,
      long length,
      List<Incident> incidents,
      Map<UUID, String> names,
      int most) {
    List<Line> lines =
        incidents.stream()
            .sorted(Comparator.comparing(Incident::start).reversed())
            .limit(most)
            .map(incident -> line(incident, since, until, length, names))
            .toList();
    return new Timeline(true, since, until, lines, incidents.size() - lines.size());
  }

  public String untilText() {
    return until == null ? "now" : Wording.clock(until);
  }

  public String sinceText() {
    return Wording.clock(since);
  }

  private static Line line(
      Incident incident,
      Instant since,
      @Nullable Instant ended,
      long length,
      Map<UUID, String> names) {
    Instant end = incident.end() == null ? ended : incident.end();
    long x = place(incident.start(), since, length);
    long until = end == null ? LANE : place(end, since, length);
    long width = Math.max(LEAST, until - x);
    return new Line(
        incident.start(),
        Wording.clock(incident.start()),
        incident.hop().word(),
        incident.hop().title(),
        incident.destinationId() == null
            ? null
            : names.getOrDefault(incident.destinationId(), "A removed destination"),
        incident.sentence(),
        String.join("; ", incident.evidence()),
        end == null ? null : lasted(Duration.between(incident.start(), end)),
        Math.min(x, LANE - width),
        width);
  }

  private static String lasted(Duration time) {
    return time.toSeconds() > 0 ? Wording.length(time) : "a moment";
  }

  private static long place(Instant time, Instant since, long length) {
    return Math.clamp(Duration.between(since, time).toMillis() * LANE / length, 0, LANE);
  }
}
