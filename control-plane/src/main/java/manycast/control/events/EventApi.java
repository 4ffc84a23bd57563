package manycast.control.events;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import manycast.control.web.Bearers;
import manycast.control.web.Caller;
import manycast.control.web.Needs;
import manycast.control.web.Scope;
import manycast.db.events.EventPosition;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The account's events as they happen. */
@Tag(name = "Events")
@RestController
@RequestMapping("/api/v1/events")
class EventApi {
  private static final int UNREAD = 1000;

  private final EventHub hub;
  private final EventLog log;
  private final OutwardEvents outward;
  private final Bearers bearers;
  private final OpenStreams open;
  private final JsonMapper json;
  private volatile boolean stopping;

  EventApi(
      EventHub hub,
      EventLog log,
      OutwardEvents outward,
      Bearers bearers,
      OpenStreams open,
      JsonMapper json) {
    this.hub = hub;
    this.log = log;
    this.outward = outward;
    this.bearers = bearers;
    this.open = open;
    this.json = json;
  }

  @Operation(
      summary = "The account's events as server-sent events",
      description =
          "Last-Event-ID resumes without loss; one that is older than what is kept is answered by one reset event."
              + " An account may have fifty open at once: one more ends the oldest.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = OutwardEvents.Envelope.class)))
  @Needs(Scope.EVENTS_READ)
  @GetMapping
  void events(
      Caller caller,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    if (request.getMethod().equals("HEAD")) {
      return; // What is written to it goes nowhere, so that nothing would tell of its end.
    }
    var inbox = new Inbox(UNREAD);
    try (OpenStreams.Place place = open.take(caller.accountId());
        var _ = hub.watch(caller.accountId(), inbox)) {
      Optional<EventPosition> known = known(lastEventId);
      EventPosition from = known.isPresent() ? known.get() : head();
      response.flushBuffer();
      var stream =
          new EventStream(
              caller, inbox, from, log, outward, bearers, json, response.getOutputStream());
      if (known.isEmpty() && lastEventId != null && !lastEventId.isEmpty()) {
        stream.reset();
      }
      stream.write(() -> stopping || place.isTaken());
    }
  }

  /** The last event the caller knows, where everything since is still there. */
  private Optional<EventPosition> known(@Nullable String lastEventId) {
    if (lastEventId == null || lastEventId.isEmpty()) {
      return Optional.empty();
    }
    try {
      EventPosition position = EventPosition.parse(lastEventId);
      return log.reaches(position) ? Optional.of(position) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (SQLException e) {
      throw new DataAccessResourceFailureException("the event log cannot be read", e);
    }
  }

  private EventPosition head() {
    try {
      return log.head();
    } catch (SQLException e) {
      throw new DataAccessResourceFailureException("the event log cannot be read", e);
    }
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
  }
}
