package manycast.control.dashboard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import manycast.control.dashboard.StreamPage.Pair;
import manycast.control.live.LiveView;
import manycast.control.live.RecentRates.Rate;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * What arrives from the encoder.
 *
 * @param silent that nothing does, in a sentence; null while something does
 * @param pairs the default tracks' figures
 * @param tracks every figure of every track, for the curious
 */
record Arriving(
    boolean shown,
    @Nullable String silent,
    String bitrate,
    List<Pair> pairs,
    List<TrackWords.Details> tracks,
    BitrateChart chart) {
  private static final long SILENCE_WORTH_TELLING_MS = 3000;

  static final Arriving NOTHING =
      new Arriving(false, null, "", List.of(), List.of(), BitrateChart.EMPTY);

  static Arriving of(LiveView live, List<Rate> rates, Instant now) {
    LiveView.Ingest ingest = live.ingest();
    Long silentMs = ingest.silentMs();
    return new Arriving(
        true,
        silentMs == null || silentMs < SILENCE_WORTH_TELLING_MS
            ? null
            : "No media for " + silentMs / 1000 + " s.",
        Wording.bitrate(ingest.bitrateBps()),
        ingest.tracks().isEmpty() ? pairsOfRow(ingest) : TrackWords.glance(ingest),
        TrackWords.details(ingest),
        BitrateChart.of(rates, now));
  }

  List<Fragment> fragments() {
    return List.of(
        new Fragment(
            "arriving",
            "streams/_arriving",
            List.of(shown, tracks.isEmpty()),
            Map.of("arriving", this),
            List.of(
                new Fragment("arriving-chart", "streams/_arrivingChart", "chart", chart),
                new Fragment(
                    "incoming",
                    "streams/_incoming",
                    new Arriving(shown, silent, bitrate, pairs, List.of(), BitrateChart.EMPTY),
                    Map.of("arriving", this),
                    List.of()),
                new Fragment("tracks", "streams/_tracks", "tracks", tracks))));
  }

  /** What the broadcast's row knows before its node is heard. */
  private static List<Pair> pairsOfRow(LiveView.Ingest ingest) {
    var pairs = new ArrayList<Pair>();
    if (ingest.width() != null && ingest.height() != null) {
      pairs.add(new Pair("picture", "Picture", ingest.width() + " × " + ingest.height()));
    }
    if (ingest.frameRate() != null) {
      pairs.add(new Pair("frame-rate", "Frame rate", TrackWords.rate(ingest.frameRate()) + " fps"));
    }
    if (ingest.videoCodec() != null) {
      pairs.add(new Pair("video", "Video", codec(ingest.videoCodec())));
    }
    if (ingest.audioCodec() != null) {
      pairs.add(new Pair("audio", "Audio", codec(ingest.audioCodec())));
    }
    return List.copyOf(pairs);
  }

  private static String codec(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "h264", "avc1", "avc" -> "H.264";
      case "aac", "mp4a" -> "AAC";
      default -> word;
    };
  }
}
