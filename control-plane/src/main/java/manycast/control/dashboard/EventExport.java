package manycast.control.dashboard;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import manycast.control.events.EventHistory;
import manycast.control.events.OutwardEvents;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an account's events to a file as they are read, newest first. Each part is a short
 * transaction of its own: a reader that is slow holds up neither the database nor the memory.
 */
@Component
class EventExport {
  /** The newest so many; who wants older ones narrows the time. */
  static final int MOST = 50_000;

  private static final int PART = 500;
  private static final List<String> HEADER =
      List.of(
          "id",
          "occurredAt",
          "type",
          "text",
          "streamId",
          "stream",
          "broadcastId",
          "destinationId",
          "destination",
          "data");

  private final EventHistory history;
  private final EventWords words;
  private final OutwardEvents outward;
  private final JsonMapper json;

  EventExport(EventHistory history, EventWords words, OutwardEvents outward, JsonMapper json) {
    this.history = history;
    this.words = words;
    this.outward = outward;
    this.json = json;
  }

  private interface Parts {
    void write(List<Event> part) throws IOException;
  }

  /** One line an event behind a line of names, as RFC 4180 has it. */
  void csv(UUID accountId, EventHistory.Filter filter, HttpServletResponse response)
      throws IOException {
    begin(response, "text/csv;charset=UTF-8;header=present", "csv");
    try (Writer out = writer(response)) {
      out.write(row(HEADER));
      read(
          accountId,
          filter,
          part -> {
            EventWords.Names names = words.names(accountId, part);
            for (Event event : part) {
              out.write(row(cells(event, names)));
            }
            out.flush();
          });
    }
  }

  /**
   * The events as the API shows them, in {@code items}; {@code next} is the last one's id where
   * there are more, else null.
   */
  void json(UUID accountId, EventHistory.Filter filter, HttpServletResponse response)
      throws IOException {
    begin(response, "application/json", "json");
    try (Writer out = writer(response)) {
      out.write("{\"items\":[");
      var first = new boolean[] {true};
      EventPosition next =
          read(
              accountId,
              filter,
              part -> {
                for (Event event : part) {
                  out.write(first[0] ? "\n" : ",\n");
                  first[0] = false;
                  out.write(json.writeValueAsString(outward.envelope(event)));
                }
                out.flush();
              });
      out.write("\n],\"next\":" + (next == null ? "null" : "\"" + next + "\"") + "}\n");
    }
  }

  /** The last event's place where there are more than may be taken at once. */
  private @Nullable EventPosition read(UUID accountId, EventHistory.Filter filter, Parts parts)
      throws IOException {
    EventPosition last = null;
    int written = 0;
    while (written < MOST) {
      List<Event> part = history.before(accountId, filter, last, Math.min(PART, MOST - written));
      if (part.isEmpty()) {
        return null;
      }
      parts.write(part);
      written += part.size();
      last = part.getLast().position();
    }
    return history.before(accountId, filter, last, 1).isEmpty() ? null : last;
  }

  private List<String> cells(Event event, EventWords.Names names) {
    return List.of(
        event.position().toString(),
        event.occurredAt().toString(),
        event.type(),
        words.sentence(event, names),
        text(event.streamId()),
        event.streamId() == null ? "" : names.streams().getOrDefault(event.streamId(), ""),
        text(event.broadcastId()),
        text(event.destinationId()),
        event.destinationId() == null
            ? ""
            : names.destinations().getOrDefault(event.destinationId(), ""),
        event.dataJson());
  }

  private static void begin(HttpServletResponse response, String type, String ending) {
    response.setContentType(type);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader(
        "Content-Disposition",
        "attachment; filename=\"manycast-events-"
            + LocalDate.now(ZoneOffset.UTC)
            + "."
            + ending
            + "\"");
  }

  private static Writer writer(HttpServletResponse response) throws IOException {
    return new BufferedWriter(
        new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
  }

  private static String row(List<String> cells) {
    return cells.stream().map(EventExport::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  /** Quoted where needed; what a spreadsheet would take for a formula is made plain text. */
  static String cell(String value) {
    String plain =
        !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    return plain.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + plain.replace("\"", "\"\"") + '"'
        : plain;
  }

  private static String text(@Nullable UUID id) {
    return id == null ? "" : id.toString();
  }
}
