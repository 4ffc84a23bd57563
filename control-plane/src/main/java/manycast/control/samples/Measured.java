package manycast.control.samples;

import java.time.Duration;
import java.util.List;

/**
 * Samples of one broadcast in the order of their times.
 *
 * @param stands a sample stands until the next one of its subject, but for no longer than this:
 *     then nothing is known
 */
public record Measured(
    List<IngestSample> ingest, List<DestinationSample> destinations, Duration stands) {
  /** Keeps copies. */
  public Measured {
    ingest = List.copyOf(ingest);
    destinations = List.copyOf(destinations);
  }

  public boolean isEmpty() {
    return ingest.isEmpty() && destinations.isEmpty();
  }
}
