package manycast.control.incidents;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong with a broadcast.
 *
 * @param end when it was over; null while it lasts
 * @param hop who is to blame
 * @param destinationId which destination it hit; null when it was the broadcast as a whole or
 *     several
 * @param sentence what happened, for its owner
 * @param evidence why that hop is blamed, a phrase each
 */
public record Incident(
    Instant start,
    @Nullable Instant end,
    Hop hop,
    @Nullable UUID destinationId,
    String sentence,
    List<String> evidence) {
  /** Keeps a copy. */
  public Incident {
    evidence = List.copyOf(evidence);
  }
}
