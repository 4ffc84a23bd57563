package manycast.control.samples;

import java.util.List;

/** Samples of one broadcast in the order of their times. */
public record Measured(List<IngestSample> ingest, List<DestinationSample> destinations) {
  /** Keeps copies. */
  public Measured {
    ingest = List.copyOf(ingest);
    destinations = List.copyOf(destinations);
  }

  public boolean isEmpty() {
    return ingest.isEmpty() && destinations.isEmpty();
  }
}
