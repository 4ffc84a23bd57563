package manycast.control.dashboard;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import manycast.control.events.EventHistory;
import manycast.control.events.OutwardEvents;
import manycast.control.input.Faults;
import manycast.control.input.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Which events somebody asked for, as typed; an empty field means any.
 *
 * @param type a type, or a kind of them: what stands before the dot
 * @param from in UTC, to the minute; {@code to} likewise, and no longer meant
 */
record EventFilter(String type, String stream, String destination, String from, String to) {
  /** Keeps what was meant. */
  EventFilter {
    type = type.strip();
    from = from.strip();
    to = to.strip();
  }

  /**
   * What to look for; throws {@link InvalidInputException} naming the fields that make no sense.
   *
   * @param streamOf the stream of a destination of the account, if it is one
   */
  EventHistory.Filter read(Function<UUID, Optional<UUID>> streamOf) {
    var faults = new Faults();
    List<String> types =
        OutwardEvents.types().stream()
            .filter(one -> type.isEmpty() || one.equals(type) || one.startsWith(type + "."))
            .toList();
    if (types.isEmpty()) {
      faults.add("type", "is no type of event");
    }
    UUID streamId = id("stream", stream, faults);
    UUID destinationId = id("destination", destination, faults);
    if (destinationId != null) {
      UUID its = streamOf.apply(destinationId).orElse(null);
      if (its == null || streamId != null && !streamId.equals(its)) {
        faults.add("destination", "is none of yours there");
      }
      streamId = its;
    }
    Instant earliest = moment("from", from, faults);
    Instant tooLate = moment("to", to, faults);
    if (earliest != null && tooLate != null && !earliest.isBefore(tooLate)) {
      faults.add("to", "must be later than the beginning");
    }
    faults.throwIfAny();
    return new EventHistory.Filter(types, streamId, destinationId, earliest, tooLate);
  }

  /** Whether nothing is left out. */
  public boolean isEmpty() {
    return query().isEmpty();
  }

  /** As it stands in an address, each part with its {@code &}. */
  String query() {
    return part("type", type)
        + part("stream", stream)
        + part("destination", destination)
        + part("from", from)
        + part("to", to);
  }

  private static String part(String name, String value) {
    return value.isEmpty()
        ? ""
        : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static @Nullable UUID id(String field, String typed, Faults faults) {
    if (typed.isEmpty()) {
      return null;
    }
    try {
      return UUID.fromString(typed);
    } catch (IllegalArgumentException e) {
      faults.add(field, "is no id");
      return null;
    }
  }

  private static @Nullable Instant moment(String field, String typed, Faults faults) {
    if (typed.isEmpty()) {
      return null;
    }
    try {
      return LocalDateTime.parse(typed).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      faults.add(field, "must be a day and a time, such as 2026-11-25T18:30");
      return null;
    }
  }
}
