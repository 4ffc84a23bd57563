package manycast.control.dashboard;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import manycast.control.destinations.DestinationService;
import manycast.control.events.OutwardEvents;
import manycast.control.events.RecentEvents;
import manycast.control.streams.StreamService;
import manycast.control.web.Wording;
import manycast.db.events.Event;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Events of the log in words, with the names of what they tell of. */
@Component
class EventWords {
  private static final Map<String, String> KINDS =
      Map.of(
          "broadcast", "Broadcasts",
          "destination", "Destinations",
          "stream", "Streams",
          "publish", "Encoders turned away",
          "usage", "Usage");

  private final StreamService streams;
  private final DestinationService destinations;
  private final JsonMapper json;

  EventWords(StreamService streams, DestinationService destinations, JsonMapper json) {
    this.streams = streams;
    this.destinations = destinations;
    this.json = json;
  }

  /** Names by id; what is gone for good has none. */
  record Names(Map<UUID, String> streams, Map<UUID, String> destinations) {}

  Names names(UUID accountId, List<Event> events) {
    var ofStreams = new TreeSet<UUID>();
    var ofDestinations = new TreeSet<UUID>();
    for (Event event : events) {
      if (event.streamId() != null) {
        ofStreams.add(event.streamId());
      }
      if (event.destinationId() != null) {
        ofDestinations.add(event.destinationId());
      }
    }
    return new Names(
        streams.names(accountId, ofStreams), destinations.names(accountId, ofDestinations));
  }

  /** What happened, as one sentence. */
  String sentence(Event event, Names names) {
    return Happened.of(
            new RecentEvents.Line(
                event.type(),
                event.destinationId(),
                event.nodeId(),
                json.readTree(event.dataJson()),
                event.occurredAt()),
            names.destinations())
        .text();
  }

  EventLogPage.Line line(Event event, Names names) {
    return new EventLogPage.Line(
        event.position().toString(),
        event.occurredAt(),
        Wording.moment(event.occurredAt()),
        event.type(),
        tone(event.type()),
        icon(event.type()),
        sentence(event, names),
        event.streamId(),
        event.streamId() == null ? null : names.streams().get(event.streamId()),
        event.broadcastId());
  }

  /** All types by their kinds. */
  static List<EventLogPage.Kind> kinds() {
    return OutwardEvents.types().stream()
        .map(type -> type.substring(0, type.indexOf('.')))
        .distinct()
        .map(
            kind ->
                new EventLogPage.Kind(
                    kind,
                    KINDS.getOrDefault(kind, kind),
                    OutwardEvents.types().stream()
                        .filter(type -> type.startsWith(kind + "."))
                        .map(type -> new EventLogPage.Choice(type, spoken(type)))
                        .collect(Collectors.toList())))
        .toList();
  }

  private static String spoken(String type) {
    return type.substring(type.indexOf('.') + 1).replace('_', ' ');
  }

  private static String tone(String type) {
    return switch (type) {
      case "broadcast.started", "broadcast.resumed", "destination.live", "destination.caught_up" ->
          "good";
      case "broadcast.interrupted",
          "destination.behind",
          "destination.retrying",
          "publish.refused",
          "usage.limit_reached" ->
          "warn";
      case "destination.failed" -> "bad";
      default -> "";
    };
  }

  private static String icon(String type) {
    return switch (type) {
      case "broadcast.started", "destination.live" -> "live";
      case "broadcast.resumed", "destination.caught_up" -> "good";
      case "broadcast.interrupted" -> "resuming";
      case "broadcast.ended", "destination.ended" -> "ended";
      case "destination.behind" -> "behind";
      case "destination.retrying" -> "retrying";
      case "destination.failed" -> "failed";
      case "destination.updated", "stream.updated" -> "edit";
      default -> "warn";
    };
  }
}
