package manycast.control.incidents;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.events.RecentEvents;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/** The incidents of a broadcast, worked out anew from its samples and events. */
@Service
public class IncidentService {
  /** So many events of a broadcast are looked at, and of its destinations, the newest ones. */
  private static final int EVENTS = 2_000;

  private final BroadcastService broadcasts;
  private final SampleService samples;
  private final RecentEvents events;

  IncidentService(BroadcastService broadcasts, SampleService samples, RecentEvents events) {
    this.broadcasts = broadcasts;
    this.samples = samples;
    this.events = events;
  }

  /**
   * All incidents, in the order in which they began. Looks through all samples of the broadcast: to
   * be asked when something has happened, not every second. Throws {@code NotFoundException} when
   * the broadcast is not the account's.
   */
  @Transactional(readOnly = true)
  public List<Incident> of(UUID accountId, UUID broadcastId) {
    BroadcastView broadcast = broadcasts.get(accountId, broadcastId);
    List<Occurrence> occurrences =
        events.ofBroadcast(accountId, broadcast.streamId(), broadcastId, EVENTS).stream()
            .map(IncidentService::occurrence)
            .toList();
    Measured measured =
        samples.ofWhole(
            accountId,
            broadcastId,
            broadcast.startedAt(),
            broadcast.endedAt() == null ? Instant.now() : broadcast.endedAt(),
            occurrences.stream().map(Occurrence::at).toList(),
            IncidentRules.ODD);
    return IncidentRules.of(
        new Story(
            broadcast.startedAt(), broadcast.endedAt(), measured, occurrences, names(broadcast)));
  }

  private static Map<UUID, String> names(BroadcastView broadcast) {
    return broadcast.destinations().stream()
        .collect(
            Collectors.toMap(BroadcastView.Totals::id, BroadcastView.Totals::name, (a, _) -> a));
  }

  private static Occurrence occurrence(RecentEvents.Told told) {
    RecentEvents.Line line = told.line();
    JsonNode data = line.data();
    return new Occurrence(
        line.occurredAt(),
        line.type(),
        line.destinationId(),
        line.nodeId(),
        data.path("lastErrorCode").asString(null),
        data.path("lastError").asString(null),
        told.times());
  }
}
