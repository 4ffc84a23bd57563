package manycast.control.incidents;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.IngestSample;
import manycast.control.samples.Measured;
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

  private static boolean isWithin(Instant at, Instant from, @Nullable Instant to) {
    return !at.isBefore(from) && (to == null || !at.isAfter(to));
  }
}
