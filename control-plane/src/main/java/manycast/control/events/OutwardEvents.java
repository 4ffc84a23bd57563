package manycast.control.events;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import manycast.db.events.Event;
import manycast.db.failures.FailureReason;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Which events the outside may know of, and what they look like there. */
@Component
public class OutwardEvents {
  /** Those of an account, in the order of a broadcast's life. */
  private static final List<String> TYPES =
      List.of(
          "broadcast.started",
          "broadcast.interrupted",
          "broadcast.resumed",
          "broadcast.ended",
          "destination.live",
          "destination.behind",
          "destination.caught_up",
          "destination.retrying",
          "destination.failed",
          "destination.ended",
          "destination.updated",
          "stream.updated",
          "publish.refused",
          "usage.limit_reached");

  private static final Set<String> ADMIN_TYPES = Set.of("node.up", "node.down");
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /**
   * An event as the outside sees it.
   *
   * @param id sorts in the order of the log
   * @param data names {@code streamId}, {@code broadcastId}, {@code destinationId}, {@code nodeId}
   *     where they apply
   */
  @Schema(name = "Event")
  public record Envelope(
      String id,
      String type,
      Instant occurredAt,
      @Schema(nullable = true) @Nullable UUID accountId,
      Map<String, Object> data) {}

  private final JsonMapper json;

  OutwardEvents(JsonMapper json) {
    this.json = json;
  }

  /** The types that an account may know of. */
  public static List<String> types() {
    return TYPES;
  }

  /** Whether the account may know of it; of nodes only admins may. */
  public boolean shows(Event event, UUID accountId, boolean admin) {
    if (event.accountId() == null) {
      return admin && ADMIN_TYPES.contains(event.type());
    }
    return event.accountId().equals(accountId) && TYPES.contains(event.type());
  }

  public Envelope envelope(Event event) {
    var data = new TreeMap<String, Object>(json.readValue(event.dataJson(), OBJECT));
    data.computeIfPresent(
        "lastErrorCode", (_, code) -> FailureReason.outward(String.valueOf(code)));
    put(data, "streamId", event.streamId());
    put(data, "broadcastId", event.broadcastId());
    put(data, "destinationId", event.destinationId());
    put(data, "nodeId", event.nodeId());
    return new Envelope(
        event.position().toString(), event.type(), event.occurredAt(), event.accountId(), data);
  }

  private static void put(Map<String, Object> data, String name, @Nullable Object value) {
    if (value != null) {
      data.put(name, value);
    }
  }
}
