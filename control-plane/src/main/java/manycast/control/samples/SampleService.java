package manycast.control.samples;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastView;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Samples, for charts, for the report of a broadcast, and in place of a node that hangs. */
@Service
public class SampleService {
  /** How often a node takes a sample. */
  public static final Duration EVERY = Duration.ofSeconds(10);

  /** How long they are kept; the database's function keep_sample_partitions says the same. */
  public static final Duration RETENTION = Duration.ofDays(30);

  /** What a live page's charts show. */
  public static final Duration RECENT = Duration.ofMinutes(5);

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

  /**
   * The last five minutes of a broadcast, as far as it has lasted. Throws {@code NotFoundException}
   * when it is not the account's.
   */
  @Transactional(readOnly = true)
  public Chart recent(UUID accountId, UUID broadcastId) {
    BroadcastView broadcast = broadcasts.get(accountId, broadcastId);
    Instant end = end(broadcast);
    Instant from = end.minus(RECENT);
    return chart(
        accountId,
        broadcastId,
        from.isBefore(broadcast.startedAt()) ? broadcast.startedAt() : from,
        end,
        EVERY);
  }

  /** All of a broadcast, in at most {@link #MOST_POINTS} points. */
  @Transactional(readOnly = true)
  public Chart whole(UUID accountId, UUID broadcastId) {
    BroadcastView broadcast = broadcasts.get(accountId, broadcastId);
    return chart(accountId, broadcastId, broadcast.startedAt(), end(broadcast), LONGER);
  }

  /**
   * The samples themselves, to be reasoned about: those of a long broadcast one by one only as far
   * as two days go back.
   */
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

  private Chart chart(
      UUID accountId, UUID broadcastId, Instant from, Instant to, Duration shortest) {
    long seconds = Math.max(1, Duration.between(from, to).toSeconds());
    long step = Math.max(shortest.toSeconds(), Math.ceilDiv(seconds, MOST_POINTS));
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
