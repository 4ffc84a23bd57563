package manycast.control.dashboard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.broadcasts.DeliveredShare;
import manycast.control.broadcasts.KeptBroadcast;
import manycast.control.destinations.PlatformWords;
import manycast.control.incidents.Incident;
import manycast.control.samples.Chart;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast, told from its beginning to its end or to this moment.
 *
 * @param reason how it ended, in words
 * @param charts what arrived; {@code noCharts} says why there are none
 * @param timeline hidden where nothing is kept any more that incidents are told from
 */
record BroadcastReport(
    UUID id,
    UUID streamId,
    String streamName,
    String state,
    Instant startedAt,
    String startedText,
    @Nullable Instant endedAt,
    @Nullable String endedText,
    String reason,
    List<Pair> figures,
    List<Pair> pairs,
    ReportChart.Axis axis,
    List<ReportChart> charts,
    String noCharts,
    Timeline timeline,
    List<Place> places) {

  /** A name and a value. */
  record Pair(String name, String value) {}

  /**
   * What one destination got.
   *
   * @param delivered share of the frames that were due, and {@code missing} what the others became
   * @param dropped frames that were passed over, and in how many jumps
   * @param curve its bitrate; null where it was sent nothing or nothing is kept any more
   * @param trouble what was wrong with it last; null when nothing ever was
   */
  record Place(
      UUID id,
      String name,
      String platformId,
      String platform,
      String mark,
      String state,
      String delivered,
      String missing,
      String sent,
      String frames,
      String dropped,
      String reconnects,
      @Nullable ReportChart curve,
      @Nullable String trouble) {}

  /**
   * Of what is known of it.
   *
   * @param incidents null where nothing is kept any more that they are told from
   * @param title of a platform's word
   */
  static BroadcastReport of(
      KeptBroadcast kept,
      Chart chart,
      @Nullable List<Incident> incidents,
      Function<String, String> title) {
    BroadcastView b = kept.view();
    long sent = b.destinations().stream().mapToLong(BroadcastView.Totals::bytesSent).sum();
    Map<UUID, Chart.Destination> curves =
        chart.destinations().stream()
            .collect(Collectors.toMap(Chart.Destination::id, Function.identity()));
    return new BroadcastReport(
        b.id(),
        b.streamId(),
        kept.streamName(),
        b.state().word(),
        b.startedAt(),
        Wording.date(b.startedAt()),
        b.endedAt(),
        b.endedAt() == null ? null : Wording.date(b.endedAt()),
        HistoryPages.reason(b),
        List.of(
            new Pair("Length", HistoryPages.length(b)),
            new Pair("Sent in all", Wording.bytes(sent)),
            new Pair("Destinations", Wording.count(kept.places().size())),
            new Pair("Interruptions", Wording.count(b.interruptions()))),
        pairs(kept),
        new ReportChart.Axis(chart.from(), chart.to(), b.endedAt() != null),
        ReportChart.ofIngest(chart),
        incidents == null
            ? "Curves and incidents are kept for 30 days. The totals below stay."
            : "Nothing was measured, or not for long enough to draw a curve of it.",
        incidents == null ? Timeline.HIDDEN : timeline(kept, incidents),
        kept.places().stream()
            .map(p -> place(p, chart, curves.get(p.totals().id()), title))
            .toList());
  }

  private static Timeline timeline(KeptBroadcast kept, List<Incident> incidents) {
    BroadcastView b = kept.view();
    Map<UUID, String> names =
        b.destinations().stream()
            .collect(Collectors.toMap(BroadcastView.Totals::id, BroadcastView.Totals::name));
    return b.endedAt() == null
        ? Timeline.of(b.startedAt(), incidents, names, Instant.now())
        : Timeline.ofWhole(b.startedAt(), b.endedAt(), incidents, names);
  }

  private static List<Pair> pairs(KeptBroadcast kept) {
    var pairs = new ArrayList<Pair>();
    if (kept.encoder() != null) {
      pairs.add(new Pair("Encoder", kept.encoder()));
    }
    pairs.add(new Pair("Came by", kept.protocol().toUpperCase(Locale.ROOT)));
    if (kept.width() != null && kept.height() != null) {
      Float rate = kept.frameRate();
      pairs.add(
          new Pair(
              "Picture",
              kept.width()
                  + " × "
                  + kept.height()
                  + (rate == null
                      ? ""
                      : ", " + TrackWords.rate(rate.doubleValue()) + " per second")));
    }
    if (kept.videoCodec() != null || kept.audioCodec() != null) {
      pairs.add(
          new Pair(
              "Codecs",
              (kept.videoCodec() == null ? "no video" : PlatformWords.codec(kept.videoCodec()))
                  + ", "
                  + (kept.audioCodec() == null
                      ? "no audio"
                      : PlatformWords.codec(kept.audioCodec()))));
    }
    return pairs;
  }

  private static Place place(
      KeptBroadcast.Place place,
      Chart chart,
      Chart.@Nullable Destination curve,
      Function<String, String> title) {
    BroadcastView.Totals got = place.totals();
    String platform = title.apply(got.platform());
    return new Place(
        got.id(),
        got.name(),
        got.platform(),
        platform,
        DestinationRow.mark(platform),
        got.state().word(),
        place.share() == null
            ? "–"
            : String.format(Locale.ROOT, "%.1f %%", place.share().percent()),
        missing(place),
        Wording.bytes(got.bytesSent()),
        Wording.count(got.framesSent()),
        got.framesDropped() == 0
            ? "0"
            : Wording.count(got.framesDropped())
                + " in "
                + Wording.count(place.skips(), "skip", "skips"),
        Wording.count(got.reconnects()),
        curve == null ? null : ReportChart.ofDestination(chart, curve),
        place.lastError());
  }

  /** What it did not get, and why, as a sentence. */
  static String missing(KeptBroadcast.Place place) {
    DeliveredShare share = place.share();
    if (share == null) {
      return Objects.equals(place.totals().framesDue(), 0L)
          ? "Nothing was to be sent there."
          : "What was to be sent there was not counted.";
    }
    var parts = new ArrayList<String>();
    if (share.skipped() > 0) {
      parts.add(Wording.count(share.skipped()) + " skipped to catch up");
    }
    if (share.missed() > 0) {
      parts.add(
          Wording.count(share.missed())
              + " missed while it had no connection, or not sent in time");
    }
    long missing = share.skipped() + share.missed();
    return parts.isEmpty()
        ? "Every frame was delivered."
        : "%s of %s missing: %s."
            .formatted(
                Wording.count(missing),
                Wording.count(share.due(), "frame", "frames"),
                String.join(", ", parts));
  }
}
