package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.events.RecentEvents;
import manycast.control.live.LiveFigures;
import manycast.control.live.LiveView;
import manycast.control.live.RecentRates;
import manycast.control.streams.PublishRefusals;
import manycast.control.streams.StreamService;
import manycast.control.streams.StreamView;
import org.springframework.stereotype.Component;

/** Reads what a stream's page shows, from the features that know it. */
@Component
class StreamFacts {
  private static final Duration REFUSALS_SHOWN = Duration.ofHours(1);
  private static final int REFUSALS = 3;
  private static final int EVENTS = 12;
  private static final int BROADCASTS = 6;

  /** What stands in the database: it changes with events only. */
  record Rows(
      StreamView stream,
      Optional<Instant> refusedUntil,
      List<PublishRefusals.Refusal> refusals,
      List<RecentEvents.Line> events,
      List<BroadcastView> broadcasts) {}

  private final StreamService streams;
  private final BroadcastService broadcasts;
  private final PublishRefusals refusals;
  private final RecentEvents events;
  private final LiveFigures figures;
  private final RecentRates rates;

  StreamFacts(
      StreamService streams,
      BroadcastService broadcasts,
      PublishRefusals refusals,
      RecentEvents events,
      LiveFigures figures,
      RecentRates rates) {
    this.streams = streams;
    this.broadcasts = broadcasts;
    this.refusals = refusals;
    this.events = events;
    this.figures = figures;
    this.rates = rates;
  }

  /** Somebody else's stream is not found. */
  Rows rows(UUID accountId, UUID streamId) {
    StreamView stream = streams.get(accountId, streamId);
    return new Rows(
        stream,
        streams.refusedUntil(accountId, streamId),
        refusals.since(streamId, Instant.now().minus(REFUSALS_SHOWN), REFUSALS),
        events.of(accountId, streamId, EVENTS),
        broadcasts.list(accountId, streamId, null, BROADCASTS));
  }

  /** The figures of this second; empty when nothing is live. */
  Optional<LiveView> figures(UUID accountId, UUID streamId) {
    return figures.of(accountId, streamId);
  }

  /** The bitrates of the last five minutes. */
  RecentRates.Rates rates(LiveView live) {
    return rates.of(live.broadcastId());
  }
}
