package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import manycast.control.incidents.Incident;
import manycast.control.incidents.IncidentService;
import org.springframework.stereotype.Component;

/**
 * The incidents of broadcasts that somebody watches, worked out once for all who do: after an event
 * at once, otherwise now and then.
 */
@Component
class KnownIncidents {
  private static final Duration FRESH = Duration.ofSeconds(30);

  private record Known(Instant at, List<Incident> incidents) {}

  private final IncidentService incidents;
  private final Map<UUID, Known> byBroadcast = new ConcurrentHashMap<>();

  KnownIncidents(IncidentService incidents) {
    this.incidents = incidents;
  }

  /**
   * Of a broadcast of the account.
   *
   * @param lastEvent what is known from before it is not enough
   */
  List<Incident> of(UUID accountId, UUID broadcastId, Instant lastEvent) {
    Instant now = Instant.now();
    Known known = byBroadcast.get(broadcastId);
    if (known == null || known.at().isBefore(lastEvent) || known.at().isBefore(now.minus(FRESH))) {
      known = new Known(now, incidents.of(accountId, broadcastId));
      byBroadcast.values().removeIf(old -> old.at().isBefore(now.minus(FRESH)));
      byBroadcast.put(broadcastId, known);
    }
    return known.incidents();
  }
}
