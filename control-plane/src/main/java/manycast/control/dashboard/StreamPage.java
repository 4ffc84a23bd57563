package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.destinations.DestinationView;
import manycast.control.live.LiveView;
import manycast.control.live.RecentRates.Rate;
import manycast.control.live.RecentRates.Rates;
import manycast.control.streams.StreamState;
import manycast.control.streams.StreamView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a stream's page shows at one moment, in words; the templates only place it.
 *
 * @param destinations those in trouble first
 * @param warnings what is worth changing in the encoder, or of the destinations
 */
record StreamPage(
    StreamHead head,
    Ingest ingest,
    Picture picture,
    Arriving arriving,
    List<DestinationRow> destinations,
    List<LiveView.Warning> warnings,
    Checklist checklist,
    List<Happened> refusals,
    Timeline timeline,
    List<Happened> happened,
    Help help,
    List<PastBroadcast> broadcasts) {

  /** Where to publish; the key is null for those who may not see it. */
  record Ingest(
      UUID streamId, String server, String secureServer, @Nullable String key, String fingerprint) {
    @Override
    public String toString() {
      return "Ingest[" + server + ", " + fingerprint + "]";
    }
  }

  /** A name and a value; {@code key} is for scripts. */
  record Pair(String key, String name, String value) {}

  /** How to set up an encoder, while the stream was never live. */
  record Help(boolean shown, String server) {}

  /** A broadcast that is over. */
  record PastBroadcast(UUID id, UUID streamId, Instant at, String atText, String text) {}

  static StreamPage of(
      StreamFacts.Rows rows,
      Optional<LiveView> figures,
      List<LiveView.Warning> beforehand,
      Rates rates,
      Function<String, String> platformTitle,
      boolean mayChange) {
    Instant now = Instant.now();
    StreamView stream = rows.stream();
    // Rows and figures are read one after the other; a broadcast that ended between the two is
    // over.
    LiveView live = stream.state() == StreamState.DISABLED ? null : figures.orElse(null);
    String state =
        live != null
            ? live.state().word()
            : stream.state() == StreamState.DISABLED ? "disabled" : "idle";
    boolean neverLive = live == null && rows.broadcasts().isEmpty();
    boolean firstOne =
        rows.broadcasts().stream().noneMatch(b -> b.state() == BroadcastState.ENDED)
            && !state.equals("disabled");
    List<DestinationRow> destinations = destinations(stream, live, rates, now, platformTitle);
    List<Happened> refusals = rows.refusals().stream().map(Happened::of).toList();
    Map<UUID, String> names =
        stream.destinations().stream()
            .collect(Collectors.toMap(DestinationView::id, DestinationView::name));
    return new StreamPage(
        StreamHead.of(rows, live, state, neverLive),
        new Ingest(
            stream.id(),
            stream.ingest().rtmpUrl(),
            stream.ingest().rtmpsUrl(),
            mayChange ? stream.ingest().streamKey() : null,
            stream.ingest().streamKeyFingerprint()),
        Picture.of(state, live),
        live == null ? Arriving.NOTHING : Arriving.of(live, rates.ingest(), now),
        destinations,
        live == null ? beforehand : live.ingest().warnings(),
        firstOne
            ? Checklist.of(
                live, destinations, rows.refusals(), stream.ingest().streamKeyFingerprint())
            : Checklist.HIDDEN,
        // The checklist tells of the last one itself.
        firstOne && live == null && refusals.size() < 2 ? List.of() : refusals,
        live == null
            ? Timeline.HIDDEN
            : Timeline.of(live.startedAt(), rows.incidents(), names, now),
        rows.events().stream().map(line -> Happened.of(line, names)).toList(),
        new Help(neverLive, stream.ingest().rtmpUrl()),
        rows.broadcasts().stream()
            .filter(b -> b.state() == BroadcastState.ENDED)
            .map(StreamPage::past)
            .toList());
  }

  /** The elements of the page that are pushed, each when it changes. */
  List<Fragment> fragments() {
    var list = new ArrayList<Fragment>();
    list.add(head.fragment());
    list.add(new Fragment("refusals", "dashboard/_refusals", "refusals", refusals));
    list.add(new Fragment("checklist", "dashboard/_checklist", "checklist", checklist));
    list.add(new Fragment("warnings", "dashboard/_warnings", "warnings", warnings));
    list.add(
        new Fragment(
            "destinations",
            "destinations/_list",
            // Only when one is added or removed: the page's script moves rows when nobody is at
            // them.
            destinations.stream().map(DestinationRow::id).collect(Collectors.toSet()),
            Map.of("rows", destinations),
            destinations.stream().map(DestinationRow::fragment).toList()));
    list.add(picture.fragment());
    list.addAll(arriving.fragments());
    list.add(new Fragment("ingest", "streams/_ingest", "ingest", ingest));
    list.add(new Fragment("incidents", "dashboard/_incidents", "timeline", timeline));
    list.add(
        new Fragment(
            "happened",
            "dashboard/_happened",
            happened,
            Map.of("lines", happened, "streamId", head.id()),
            List.of()));
    list.add(new Fragment("help", "streams/_help", "help", help));
    list.add(new Fragment("recent-broadcasts", "broadcasts/_recent", "lines", broadcasts));
    return list;
  }

  private static List<DestinationRow> destinations(
      StreamView stream,
      @Nullable LiveView live,
      Rates rates,
      Instant now,
      Function<String, String> platformTitle) {
    Map<UUID, LiveView.Destination> known =
        live == null
            ? Map.of()
            : live.destinations().stream()
                .collect(Collectors.toMap(LiveView.Destination::id, Function.identity()));
    var rows = new ArrayList<DestinationRow>();
    for (DestinationView destination : stream.destinations()) {
      String platform = platformTitle.apply(destination.platform());
      LiveView.Destination figures = known.get(destination.id());
      DestinationRow row =
          figures == null
              ? DestinationRow.idle(destination, platform)
              : DestinationRow.live(destination, platform, figures);
      BitrateChart chart =
          figures == null
              ? BitrateChart.EMPTY
              : curve(rates.destinations().getOrDefault(destination.id(), List.of()), now);
      rows.add(row.at(rows.size(), chart));
    }
    rows.sort(Comparator.comparing(row -> !row.trouble()));
    return List.copyOf(rows);
  }

  /** Of a place that nothing was sent to there is nothing to see. */
  private static BitrateChart curve(List<Rate> rates, Instant now) {
    return rates.stream().allMatch(rate -> rate.bitrateBps() == 0)
        ? BitrateChart.EMPTY
        : BitrateChart.of(rates, now);
  }

  private static PastBroadcast past(BroadcastView b) {
    Instant end = b.endedAt() == null ? b.startedAt() : b.endedAt();
    String reason = Happened.ended(String.valueOf(b.endReason()));
    return new PastBroadcast(
        b.id(),
        b.streamId(),
        b.startedAt(),
        Wording.day(b.startedAt()),
        Wording.length(Duration.between(b.startedAt(), end)) + ", " + reason);
  }
}
