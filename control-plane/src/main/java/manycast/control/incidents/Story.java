package manycast.control.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.IngestSample;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a broadcast, in the order of time.
 *
 * @param endedAt null while it goes on
 * @param names what its destinations were called
 */
public record Story(
    Instant startedAt,
    @Nullable Instant endedAt,
    Measured measured,
    List<Occurrence> occurrences,
    Map<UUID, String> names) {
  /** Keeps copies. */
  public Story {
    occurrences = List.copyOf(occurrences);
    names = Map.copyOf(names);
  }

  String name(UUID destination) {
    return names.getOrDefault(destination, "A removed destination");
  }

  /** Samples of the ingest from that time to this one; to the newest where there is no end. */
  List<IngestSample> ingest(Instant from, @Nullable Instant to) {
    return measured.ingest().stream().filter(sample -> isWithin(sample.at(), from, to)).toList();
  }

  /** Samples of a destination from that time to this one. */
  List<DestinationSample> of(UUID destination, Instant from, @Nullable Instant to) {
    return measured.destinations().stream()
        .filter(sample -> sample.destinationId().equals(destination))
        .filter(sample -> isWithin(sample.at(), from, to))
        .toList();
  }

  /** Samples of all destinations from that time to this one. */
  List<DestinationSample> destinations(Instant from, @Nullable Instant to) {
    return measured.destinations().stream()
        .filter(sample -> isWithin(sample.at(), from, to))
        .toList();
  }

  /**
   * When that was over which was last seen in one sample: when the next one was taken, or would
   * have been where what followed is not known; null while it lasts.
   */
  @Nullable Instant over(IngestSample last, @Nullable IngestSample next) {
    if (next == null) {
      return endedAt;
    }
    return apart(last, next) ? last.at().plus(SampleService.EVERY) : next.at();
  }

  /** Whether what was between two samples is not known. */
  static boolean apart(IngestSample before, IngestSample after) {
    return Duration.between(before.at(), after.at()).compareTo(SampleService.GAP) > 0;
  }

  private static boolean isWithin(Instant at, Instant from, @Nullable Instant to) {
    return !at.isBefore(from) && (to == null || !at.isAfter(to));
  }
}
