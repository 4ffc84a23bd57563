package manycast.control.dashboard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.broadcasts.KeptBroadcast;
import manycast.control.destinations.PlatformWords;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast, told from its beginning to its end or to this moment.
 *
 * @param reason how it ended, in words
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
    List<Place> places) {

  /** A name and a value. */
  record Pair(String name, String value) {}

  /**
   * What one destination got.
   *
   * @param dropped frames that were passed over, and in how many jumps
   * @param trouble what was wrong with it last; null when nothing ever was
   */
  record Place(
      UUID id,
      String name,
      String platform,
      String mark,
      String state,
      String sent,
      String frames,
      String dropped,
      String reconnects,
      @Nullable String trouble) {}

  static BroadcastReport of(KeptBroadcast kept, Function<String, String> title) {
    BroadcastView b = kept.view();
    long sent = kept.places().stream().mapToLong(KeptBroadcast.Place::bytesSent).sum();
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
        kept.places().stream().map(place -> place(place, title)).toList());
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

  private static Place place(KeptBroadcast.Place place, Function<String, String> title) {
    String platform = title.apply(place.platform());
    return new Place(
        place.id(),
        place.name(),
        platform,
        DestinationRow.mark(platform),
        place.state().word(),
        Wording.bytes(place.bytesSent()),
        Wording.count(place.framesSent()),
        place.framesDropped() == 0
            ? "0"
            : Wording.count(place.framesDropped())
                + " in "
                + Wording.count(place.skips(), "skip", "skips"),
        Wording.count(place.reconnects()),
        place.lastError());
  }
}
