package manycast.control.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import manycast.control.database.DatabaseWatch;
import manycast.control.events.EventHub;
import manycast.control.input.NotFoundException;
import manycast.control.live.LiveFigures;
import manycast.control.signin.Sessions;
import manycast.control.signin.SignedIn;
import manycast.control.web.Frame;
import manycast.db.events.Event;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The event stream of each page, one virtual thread a watcher: events {@code live} carry elements
 * that have changed, {@code pulse} the server's clock so that the page knows how old it is.
 */
@Controller
class Feeds {
  private static final Logger log = LoggerFactory.getLogger(Feeds.class);
  private static final int MOST_WATCHERS = 2_000;
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final Duration PULSE = Duration.ofSeconds(5);
  private static final Duration COMMENT = Duration.ofSeconds(15);

  /** A session that was ended is found out after at most this and one turn. */
  private static final Duration SESSION_CHECK = Duration.ofSeconds(3);

  /** Events wake the page; this is for what no event tells, such as a refusal that has run out. */
  private static final Duration ROWS_AT_LEAST = Duration.ofSeconds(10);

  /**
   * What a page consists of at this moment; throws {@code NotFoundException} when it is no more.
   */
  private interface Source {
    List<Fragment> read(SignedIn signedIn, boolean rowsChanged);
  }

  private final Set<Feed> open = ConcurrentHashMap.newKeySet();
  private final DashboardPages pages;
  private final StreamFacts facts;
  private final HomePage.Source home;
  private final DestinationsPages destinations;
  private final EventLogPages eventLog;
  private final Fragments fragments;
  private final Sessions sessions;
  private final LiveFigures figures;
  private final EventHub events;
  private volatile boolean stopping;

  Feeds(
      DashboardPages pages,
      StreamFacts facts,
      HomePage.Source home,
      DestinationsPages destinations,
      EventLogPages eventLog,
      Fragments fragments,
      Sessions sessions,
      LiveFigures figures,
      EventHub events) {
    this.pages = pages;
    this.facts = facts;
    this.home = home;
    this.destinations = destinations;
    this.eventLog = eventLog;
    this.fragments = fragments;
    this.sessions = sessions;
    this.figures = figures;
    this.events = events;
  }

  @GetMapping("/streams/{id}/feed")
  void stream(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    var known = new StreamFacts.Known[] {facts.read(signedIn.accountId(), id)};
    Source source =
        (who, changed) -> {
          if (changed) {
            known[0] = facts.read(who.accountId(), id);
          }
          return pages.page(known[0], who).fragments();
        };
    Feed feed = begin(response);
    if (feed != null) {
      try (EventHub.Watch _ = events.watch(signedIn.accountId(), new Wakes(feed, id));
          EventHub.Watch _ = figures.watch(signedIn.accountId(), id, feed::figuresChanged)) {
        run(feed, signedIn, source);
      } finally {
        open.remove(feed);
      }
    }
  }

  @GetMapping("/feed")
  void home(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(required = false) @Nullable UUID after,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    var rows = new HomePage.Rows[] {home.rows(signedIn.accountId(), after)};
    ofAccount(
        signedIn,
        response,
        (who, changed) -> {
          if (changed) {
            rows[0] = home.rows(who.accountId(), after);
          }
          return home.page(rows[0]).fragments();
        });
  }

  @GetMapping("/destinations/feed")
  void destinations(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(defaultValue = "") String platform,
      @RequestParam(defaultValue = "") String after,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    var shown = new DestinationsPage[] {destinations.read(signedIn.accountId(), platform, after)};
    ofAccount(
        signedIn,
        response,
        (who, changed) -> {
          if (changed) {
            shown[0] = destinations.read(who.accountId(), platform, after);
          }
          return shown[0].fragments();
        });
  }

  @GetMapping("/events/feed")
  void events(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(defaultValue = "") String after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    EventFilter filter = EventLogPages.filter(request);
    var shown = new EventLogPage[] {eventLog.read(signedIn.accountId(), filter, after, false)};
    ofAccount(
        signedIn,
        response,
        (who, changed) -> {
          if (changed) {
            shown[0] = eventLog.read(who.accountId(), filter, after, false);
          }
          return shown[0].fragments();
        });
  }

  /** Of a page that any event of the account may change. */
  private void ofAccount(SignedIn signedIn, HttpServletResponse response, Source source)
      throws IOException, InterruptedException {
    Feed feed = begin(response);
    if (feed != null) {
      try (EventHub.Watch _ = events.watch(signedIn.accountId(), new Wakes(feed, null))) {
        run(feed, signedIn, source);
      } finally {
        open.remove(feed);
      }
    }
  }

  private @Nullable Feed begin(HttpServletResponse response) throws IOException {
    if (stopping || open.size() >= MOST_WATCHERS) {
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return null;
    }
    var feed = new Feed(response);
    open.add(feed);
    if (stopping) {
      feed.end();
    }
    return feed;
  }

  /** Writes until the watcher is gone, signed out, or the page is no more. */
  private void run(Feed feed, SignedIn asOpened, Source source) throws InterruptedException {
    var shown = new Shown();
    SignedIn signedIn = asOpened;
    Instant checked = Instant.now();
    Instant read = Instant.EPOCH;
    Instant pulsed = Instant.EPOCH;
    Instant commented = Instant.now();
    try {
      while (!feed.ended()) {
        Instant now = Instant.now();
        try {
          if (now.isAfter(checked.plus(SESSION_CHECK))) {
            Optional<SignedIn> still = sessions.find(asOpened.session());
            if (still.isEmpty()) {
              return;
            }
            signedIn = still.get();
            checked = now;
          }
          boolean rows = feed.takeRowsChanged() || now.isAfter(read.plus(ROWS_AT_LEAST));
          List<Fragment> changed = shown.update(source.read(signedIn, rows));
          read = rows ? now : read;
          if (!changed.isEmpty()) {
            feed.event("live", fragments.render(changed, Frame.of(signedIn)));
          }
          if (now.isAfter(pulsed.plus(PULSE))) {
            feed.event("pulse", String.valueOf(now.toEpochMilli()));
            pulsed = now;
          }
        } catch (RuntimeException e) {
          if (!DatabaseWatch.isOutage(e)) {
            throw e;
          }
          // No pulse while the database is away: the page then says itself how old it is.
          feed.rowsChanged();
          checked = now;
          Thread.sleep(TURN);
        }
        if (now.isAfter(commented.plus(COMMENT))) {
          feed.comment();
          commented = now;
        }
        feed.await(TURN.toNanos());
      }
    } catch (IOException gone) {
      log.debug("A watcher is gone: {}", gone.toString());
    } catch (NotFoundException gone) {
      log.debug("What was watched is gone");
    }
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
    open.forEach(Feed::end);
  }

  /** Wakes a feed for events of its stream, or of any stream where {@code streamId} is null. */
  private record Wakes(Feed feed, @Nullable UUID streamId) implements EventHub.Watcher {
    @Override
    public void happened(List<Event> events) {
      if (streamId == null
          || events.stream().anyMatch(event -> streamId.equals(event.streamId()))) {
        feed.rowsChanged();
      }
    }

    @Override
    public void missed() {
      feed.rowsChanged();
    }
  }
}
