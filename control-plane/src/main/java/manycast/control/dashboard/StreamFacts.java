package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.events.RecentEvents;
import manycast.control.incidents.Incident;
import manycast.control.live.LiveFigures;
import manycast.control.live.LiveView;
import manycast.control.live.RecentRates;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
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
      List<BroadcastView> broadcasts,
      List<Incident> incidents) {

    /** The broadcast that is not over, if one is. */
    Optional<BroadcastView> current() {
      return broadcasts.stream().filter(b -> b.state() != BroadcastState.ENDED).findFirst();
    }
  }

  /**
   * All that is read when something has changed; figures and curves of this second are laid over it
   * without asking the database.
   *
   * @param sampled the curves as far as samples tell of them
   */
  record Known(Rows rows, LiveFigures.Snapshot live, RecentRates.Rates sampled) {}

  private final StreamService streams;
  private final BroadcastService broadcasts;
  private final PublishRefusals refusals;
  private final RecentEvents events;
  private final LiveFigures figures;
  private final RecentRates rates;
  private final SampleService samples;
  private final KnownIncidents incidents;

  StreamFacts(
      StreamService streams,
      BroadcastService broadcasts,
      PublishRefusals refusals,
      RecentEvents events,
      LiveFigures figures,
      RecentRates rates,
      SampleService samples,
      KnownIncidents incidents) {
    this.streams = streams;
    this.broadcasts = broadcasts;
    this.refusals = refusals;
    this.events = events;
    this.figures = figures;
    this.rates = rates;
    this.samples = samples;
    this.incidents = incidents;
  }

  /** Somebody else's stream is not found. */
  Known read(UUID accountId, UUID streamId) {
    LiveFigures.Snapshot live = figures.snapshot(accountId, streamId);
    Rows rows = rows(accountId, streamId);
    return new Known(
        rows,
        live,
        rows.current()
            .map(broadcast -> sampled(accountId, broadcast.id()))
            .orElse(RecentRates.Rates.NONE));
  }

  /** The figures of this second; empty when nothing is live. */
  Optional<LiveView> figures(Known known) {
    return figures.of(known.live());
  }

  /** What should be changed before the next broadcast; nothing while one runs. */
  List<LiveView.Warning> beforehand(Known known) {
    return figures.beforehand(known.live());
  }

  /** The bitrates of the last five minutes. */
  RecentRates.Rates rates(Known known, LiveView live) {
    return rates.of(live.broadcastId()).after(known.sampled());
  }

  private Rows rows(UUID accountId, UUID streamId) {
    StreamView stream = streams.get(accountId, streamId);
    List<RecentEvents.Line> lines = events.of(accountId, streamId, EVENTS);
    List<BroadcastView> newest = broadcasts.list(accountId, streamId, null, BROADCASTS);
    var rows =
        new Rows(
            stream,
            streams.refusedUntil(accountId, streamId),
            refusals.since(streamId, Instant.now().minus(REFUSALS_SHOWN), REFUSALS),
            lines,
            newest,
            List.of());
    Instant lastEvent = lines.isEmpty() ? Instant.EPOCH : lines.getFirst().occurredAt();
    return rows.current()
        .map(broadcast -> incidents.of(accountId, broadcast.id(), lastEvent))
        .map(
            known ->
                new Rows(
                    rows.stream(),
                    rows.refusedUntil(),
                    rows.refusals(),
                    rows.events(),
                    rows.broadcasts(),
                    known))
        .orElse(rows);
  }

  private RecentRates.Rates sampled(UUID accountId, UUID broadcastId) {
    Instant now = Instant.now();
    Measured measured = samples.of(accountId, broadcastId, now.minus(RecentRates.SPAN), now);
    Map<UUID, List<RecentRates.Rate>> places =
        measured.destinations().stream()
            .collect(
                Collectors.groupingBy(
                    DestinationSample::destinationId,
                    Collectors.mapping(
                        sample -> new RecentRates.Rate(sample.at(), sample.bitrateBps()),
                        Collectors.toList())));
    return new RecentRates.Rates(
        measured.ingest().stream()
            .map(sample -> new RecentRates.Rate(sample.at(), sample.bitrateBps()))
            .toList(),
        places);
  }
}
