package manycast.control.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manycast.control.database.DatabaseWatch;
import manycast.control.events.EventHub;
import manycast.control.input.NotFoundException;
import manycast.control.live.LiveFigures;
import manycast.control.signin.SessionId;
import manycast.control.signin.SignedIn;
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

  private final Set<Feed> open = ConcurrentHashMap.newKeySet();
  private final Topics topics = new Topics();
  private final DashboardPages pages;
  private final StreamFacts facts;
  private final HomePage.Source home;
  private final DestinationsPages destinations;
  private final EventLogPages eventLog;
  private final Fragments fragments;
  private final OpenSessions sessions;
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
      OpenSessions sessions,
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
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    UUID accountId = signedIn.accountId();
    follow(
        signedIn,
        request,
        response,
        new Topics.Key(accountId, "stream", List.of(id)),
        () -> {
          StreamFacts.Known known = facts.read(accountId, id);
          return mayChange -> pages.page(known, mayChange).fragments();
        },
        topic ->
            List.of(
                events.watch(accountId, new Wakes(topic, id)),
                figures.watch(accountId, id, topic::figuresChanged)));
  }

  @GetMapping("/feed")
  void home(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(required = false) @Nullable UUID after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    ofAccount(
        signedIn,
        request,
        response,
        "home",
        after == null ? List.of() : List.of(after),
        accountId -> {
          HomePage.Rows rows = home.rows(accountId, after);
          return _ -> home.page(rows).fragments();
        });
  }

  @GetMapping("/destinations/feed")
  void destinations(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(defaultValue = "") String platform,
      @RequestParam(defaultValue = "") String after,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    ofAccount(
        signedIn,
        request,
        response,
        "destinations",
        List.of(platform, after),
        accountId -> {
          List<Fragment> shown = destinations.read(accountId, platform, after).fragments();
          return _ -> shown;
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
    ofAccount(
        signedIn,
        request,
        response,
        "events",
        List.of(filter, after),
        accountId -> {
          List<Fragment> shown = eventLog.read(accountId, filter, after, false).fragments();
          return _ -> shown;
        });
  }

  /** Of a page that any event of the account may change. */
  private void ofAccount(
      SignedIn signedIn,
      HttpServletRequest request,
      HttpServletResponse response,
      String kind,
      List<Object> of,
      Function<UUID, Topic.Layout> read)
      throws IOException, InterruptedException {
    UUID accountId = signedIn.accountId();
    follow(
        signedIn,
        request,
        response,
        new Topics.Key(accountId, kind, of),
        () -> read.apply(accountId),
        topic -> List.of(events.watch(accountId, new Wakes(topic, null))));
  }

  private void follow(
      SignedIn signedIn,
      HttpServletRequest request,
      HttpServletResponse response,
      Topics.Key key,
      Topic.Source source,
      Topics.Watching watching)
      throws IOException, InterruptedException {
    try (Topics.Hold hold = topics.hold(key, source, watching)) {
      Topic topic = hold.topic();
      topic.pageOpened();
      sessions.forget(signedIn.session());
      // What is not there is answered as any page of it is.
      var _ = topic.now(signedIn.mayChange());
      Feed feed = begin(request, response);
      if (feed != null) {
        topic.add(feed);
        try {
          run(feed, signedIn.session(), topic);
        } finally {
          topic.remove(feed);
          open.remove(feed);
          sessions.forget(signedIn.session());
        }
      }
    }
  }

  private @Nullable Feed begin(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (stopping || open.size() >= MOST_WATCHERS) {
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return null;
    }
    var feed = new Feed(response);
    if (request.getMethod().equals("HEAD")) {
      return null; // What is written to it goes nowhere, so that nothing would tell of its end.
    }
    open.add(feed);
    if (stopping) {
      feed.end();
    }
    return feed;
  }

  /** Writes until the watcher is gone, signed out, or the page is no more. */
  private void run(Feed feed, SessionId session, Topic topic) throws InterruptedException {
    var shown = new Shown();
    Instant pulsed = Instant.EPOCH;
    Instant commented = Instant.now();
    try {
      while (!feed.ended()) {
        Instant now = Instant.now();
        try {
          OpenSessions.Looker looker = sessions.find(session).orElse(null);
          if (looker == null) {
            return;
          }
          Moment moment = topic.now(looker.signedIn().mayChange());
          List<Fragment> changed = shown.update(moment.page());
          if (!changed.isEmpty()) {
            feed.write(moment.event(changed, looker.frame(), fragments));
          }
          if (now.isAfter(pulsed.plus(PULSE))) {
            feed.write(Feed.event("pulse", String.valueOf(now.toEpochMilli())));
            pulsed = now;
          }
        } catch (RuntimeException e) {
          if (!DatabaseWatch.isOutage(e)) {
            throw e;
          }
          // No pulse while the database is away: the page then says itself how old it is.
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

  /** Wakes for events of a stream, or of any stream where {@code streamId} is null. */
  private record Wakes(Topic topic, @Nullable UUID streamId) implements EventHub.Watcher {
    @Override
    public void happened(List<Event> events) {
      if (streamId == null
          || events.stream().anyMatch(event -> streamId.equals(event.streamId()))) {
        topic.rowsChanged();
      }
    }

    @Override
    public void missed() {
      topic.rowsChanged();
    }
  }
}
