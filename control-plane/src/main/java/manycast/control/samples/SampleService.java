package manycast.control.samples;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastView;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Samples, for charts, for the report of a broadcast, and in place of a node that hangs. */
@Service
public class SampleService {
  /** How often a node takes a sample. */
  public static final Duration EVERY = Duration.ofSeconds(10);

  /** Samples that lie further apart do not belong together: one between them is missing. */
  public static final Duration GAP = Duration.ofSeconds(25);

  /** How long they are kept; the database's function keep_sample_partitions says the same. */
  public static final Duration RETENTION = Duration.ofDays(30);

  /** The samples of a broadcast that lasted no longer can be looked at one by one. */
  static final Duration ALL_OF = Duration.ofHours(12);

  /** Four hours of trouble. */
  private static final int MOST_ODD = 1_440;

  /**
   * Steps of ten seconds hold one sample each, but for now and then none or two: one is not written
   * in the same moment as the other. Where a step without a sample is a gap, they must be longer.
   */
  private static final Duration LONGER = EVERY.plusSeconds(2);

  /** However long a broadcast was, its chart has no more points. */
  public static final int MOST_POINTS = 300;

  private final Samples samples;
  private final BroadcastService broadcasts;

  SampleService(Samples samples, BroadcastService broadcasts) {
    this.samples = samples;
    this.broadcasts = broadcasts;
  }

  /** All of a broadcast, in at most {@link #MOST_POINTS} points. */
  @Transactional(readOnly = true)
  public Chart whole(UUID accountId, UUID broadcastId) {
    BroadcastView broadcast = broadcasts.get(accountId, broadcastId);
    return chart(accountId, broadcastId, broadcast.startedAt(), end(broadcast));
  }

  /**
   * The samples that a whole broadcast is judged by. All of them where the broadcast is no longer
   * than {@link #ALL_OF}; else those of a bounded number of moments: half a minute in every so
   * many, half a minute around each of the moments given, and around each sample of the ingest that
   * is odd, the newest ones if there are too many.
   */
  @Transactional(readOnly = true)
  public Measured ofWhole(
      UUID accountId, UUID broadcastId, Instant from, Instant to, List<Instant> moments, Odd odd) {
    Duration length = Duration.between(from, to);
    if (length.compareTo(ALL_OF) <= 0) {
      return samples.between(accountId, broadcastId, from, to);
    }
    Stream<Instant> closely =
        Stream.concat(
            moments.stream(),
            samples.odd(accountId, broadcastId, from, to, odd, MOST_ODD).stream());
    int every = (int) Math.ceilDiv(length.toSeconds(), ALL_OF.toSeconds());
    return samples.within(
        accountId,
        broadcastId,
        from,
        to,
        Span.of(from, to, every, closely),
        Span.PIECE.multipliedBy(every));
  }

  /** The samples themselves, of a few hours at the most. */
  @Transactional(readOnly = true)
  public Measured of(UUID accountId, UUID broadcastId, Instant from, Instant to) {
    return samples.between(accountId, broadcastId, from, to);
  }

  /** The last sample of each subject; the caller has made sure whose the broadcast is. */
  @Transactional(readOnly = true)
  public Measured latest(UUID broadcastId) {
    return samples.latest(broadcastId);
  }

  private static Instant end(BroadcastView broadcast) {
    return broadcast.endedAt() == null ? Instant.now() : broadcast.endedAt();
  }

  private Chart chart(UUID accountId, UUID broadcastId, Instant from, Instant to) {
    long seconds = Math.max(1, Duration.between(from, to).toSeconds());
    long step = Math.max(LONGER.toSeconds(), Math.ceilDiv(seconds, MOST_POINTS));
    int points = (int) Math.ceilDiv(seconds, step);
    List<Point> measured = samples.points(accountId, broadcastId, from, to, (int) step);
    if (measured.isEmpty()) {
      return drawn(from, to, (int) step, 0, measured);
    }
    return drawn(from, to, (int) step, points, measured);
  }

  private static Chart drawn(Instant from, Instant to, int step, int points, List<Point> measured) {
    var times = new ArrayList<Long>();
    for (int i = 0; i < points; i++) {
      times.add(from.getEpochSecond() + (long) i * step);
    }
    var ingest = new PointLines(points);
    Map<UUID, PointLines> destinations = new HashMap<>();
    for (Point point : measured) {
      UUID id = point.destinationId();
      PointLines lines =
          id == null ? ingest : destinations.computeIfAbsent(id, _ -> new PointLines(points));
      lines.set(point);
    }
    return new Chart(
        from,
        to,
        step,
        List.copyOf(times),
        ingest.ofIngest(),
        destinations.entrySet().stream()
            .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
            .map(entry -> entry.getValue().ofDestination(entry.getKey()))
            .toList());
  }
}
