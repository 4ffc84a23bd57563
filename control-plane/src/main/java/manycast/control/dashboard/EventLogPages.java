package manycast.control.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import manycast.control.destinations.DestinationService;
import manycast.control.destinations.ListedDestination;
import manycast.control.events.EventHistory;
import manycast.control.input.FieldFault;
import manycast.control.input.InvalidInputException;
import manycast.control.input.NotFoundException;
import manycast.control.signin.SignedIn;
import manycast.control.streams.StreamService;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The account's event log, to look through and to take away. */
@Controller
class EventLogPages {
  private static final int PAGE = 50;

  /** Of more streams or destinations than this the newest are not offered to filter by. */
  private static final int OFFERED = 200;

  private final EventHistory history;
  private final EventWords words;
  private final EventExport export;
  private final StreamService streams;
  private final DestinationService destinations;

  EventLogPages(
      EventHistory history,
      EventWords words,
      EventExport export,
      StreamService streams,
      DestinationService destinations) {
    this.history = history;
    this.words = words;
    this.export = export;
    this.streams = streams;
    this.destinations = destinations;
  }

  @GetMapping("/events")
  String page(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(defaultValue = "") String after,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    EventFilter filter = filter(request);
    try {
      model.addAttribute("page", read(signedIn.accountId(), filter, after, true));
    } catch (InvalidInputException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      Map<String, String> faults =
          e.faults().stream()
              .collect(
                  Collectors.toMap(
                      FieldFault::field, fault -> "This " + fault.detail() + ".", (a, _) -> a));
      model.addAttribute(
          "page", page(signedIn.accountId(), filter, List.of(), null, "", true, faults));
    }
    return "events/log";
  }

  @GetMapping("/events/export.csv")
  void csv(
      @AuthenticationPrincipal SignedIn signedIn,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    EventHistory.Filter filter = wanted(signedIn, request, response);
    if (filter != null) {
      export.csv(signedIn.accountId(), filter, response);
    }
  }

  @GetMapping("/events/export.json")
  void json(
      @AuthenticationPrincipal SignedIn signedIn,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    EventHistory.Filter filter = wanted(signedIn, request, response);
    if (filter != null) {
      export.json(signedIn.accountId(), filter, response);
    }
  }

  /**
   * A part of the log; throws {@link InvalidInputException} where the filter makes no sense.
   *
   * @param after the event that it begins after, looking back; empty for the newest
   * @param choices whether what there is to filter by is wanted too: what is pushed goes without
   */
  EventLogPage read(UUID accountId, EventFilter filter, String after, boolean choices) {
    EventHistory.Filter wanted = filter.read(id -> destinations.streamEver(accountId, id));
    List<Event> read = history.before(accountId, wanted, position(after), PAGE + 1);
    List<Event> shown = read.subList(0, Math.min(PAGE, read.size()));
    String older = read.size() > PAGE ? shown.getLast().position().toString() : null;
    return page(accountId, filter, shown, older, after, choices, Map.of());
  }

  static EventFilter filter(HttpServletRequest request) {
    return new EventFilter(
        text(request, "type"),
        text(request, "stream"),
        text(request, "destination"),
        text(request, "from"),
        text(request, "to"));
  }

  private EventLogPage page(
      UUID accountId,
      EventFilter filter,
      List<Event> events,
      @Nullable String older,
      String after,
      boolean choices,
      Map<String, String> faults) {
    EventWords.Names names = words.names(accountId, events);
    String query = filter.query();
    return new EventLogPage(
        filter,
        events.stream().map(event -> words.line(event, names)).toList(),
        choices ? ofStreams(accountId) : List.of(),
        choices ? places(accountId) : List.of(),
        EventWords.kinds(),
        after(query + (after.isEmpty() ? "" : "&after=" + after)),
        after(query),
        older == null ? null : "/events" + after(query + "&after=" + older),
        after.isEmpty(),
        faults);
  }

  private List<EventLogPage.Choice> ofStreams(UUID accountId) {
    return streams.list(accountId, null, OFFERED).stream()
        .map(stream -> new EventLogPage.Choice(stream.id().toString(), stream.name()))
        .toList();
  }

  private List<EventLogPage.Places> places(UUID accountId) {
    var places = new ArrayList<EventLogPage.Places>();
    UUID stream = null;
    for (ListedDestination one : destinations.list(accountId, null, null, OFFERED)) {
      if (!one.streamId().equals(stream)) {
        stream = one.streamId();
        places.add(new EventLogPage.Places(one.streamName(), new ArrayList<>()));
      }
      places
          .getLast()
          .destinations()
          .add(new EventLogPage.Choice(one.view().id().toString(), one.view().name()));
    }
    return places;
  }

  private EventHistory.@Nullable Filter wanted(
      SignedIn signedIn, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      return filter(request).read(id -> destinations.streamEver(signedIn.accountId(), id));
    } catch (InvalidInputException e) {
      response.sendError(HttpStatus.UNPROCESSABLE_CONTENT.value(), e.getMessage());
      return null;
    }
  }

  private static String after(String query) {
    return query.isEmpty() ? "" : "?" + query.substring(1);
  }

  private static @Nullable EventPosition position(String after) {
    if (after.isEmpty()) {
      return null;
    }
    try {
      return EventPosition.parse(after);
    } catch (IllegalArgumentException e) {
      throw new NotFoundException("part of the log");
    }
  }

  private static String text(HttpServletRequest request, String name) {
    String given = request.getParameter(name);
    return given == null ? "" : given;
  }
}
