package manycast.control.warnings;

import static manycast.control.warnings.Words.OBS;
import static manycast.control.warnings.Words.kilobits;
import static manycast.control.warnings.Words.names;
import static manycast.control.warnings.Words.seconds;
import static manycast.control.warnings.Words.verb;
import static manycast.control.warnings.Words.where;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import manycast.control.warnings.Arriving.Flow;
import manycast.control.warnings.Arriving.Picture;
import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with the way in which media comes: too little of it, unevenly, with holes, at
 * the wrong speed. Its figures waver, so each warning has a bound at which it begins and an easier
 * one until which it stays.
 */
final class FlowRules {
  static final String BITRATE_LOW = "bitrate_low";
  static final String BITRATE_UNEVEN = "bitrate_uneven";
  static final String FRAMES_MISSING = "frame_rate_unstable";
  static final String DRIFT = "av_drift";
  static final String FAST = "time_fast";

  /** A mean over sixteen seconds has nothing in it then of how the connection began. */
  private static final int SETTLED_MS = 20_000;

  /** Before that nothing is usual. */
  private static final int USUAL_MS = 60_000;

  /** No line and no platform has trouble with peaks that are higher by less. */
  private static final long HARMLESS_PEAK_BPS = 1_000_000;

  private FlowRules() {}

  static @Nullable Warning lowBitrate(Arriving a, List<Place> places) {
    double share = a.bound(BITRATE_LOW, 0.6, 0.75);
    Flow low =
        first(
            a,
            USUAL_MS,
            flow ->
                flow.bitrateBps() != null
                    && flow.usualBps() != null
                    && flow.bitrateBps() < flow.usualBps() * share);
    if (low == null) {
      return null;
    }
    return new Warning(
        BITRATE_LOW,
        "Your video has "
            + kilobits(low.bitrateBps())
            + ", and it usually has "
            + kilobits(low.usualBps())
            + ". Unless the picture just has little in it, your connection to us is giving way."
            + OBS
            + "Advanced → Network → Dynamically change bitrate to manage congestion: on, or Output"
            + " → Streaming → Bitrate: "
            + spared(Objects.requireNonNull(low.bitrateBps()))
            + " Kbps.");
  }

  /** What comes through now, and some room beside it, in whole hundreds of kbit/s. */
  private static long spared(long bps) {
    return Math.max(1, bps * 8 / 10 / 100_000) * 100;
  }

  static @Nullable Warning unevenBitrate(Arriving a, List<Place> places) {
    double times = a.bound(BITRATE_UNEVEN, 1.5, 1.35);
    Flow uneven = first(a, SETTLED_MS, flow -> swings(flow, times) && !hasHoles(flow, 0.02));
    if (uneven == null) {
      return null;
    }
    List<Place> strict = where(places, place -> isTooMuch(uneven, place));
    if (strict.isEmpty()) {
      return null;
    }
    return new Warning(
        BITRATE_UNEVEN,
        "Your bitrate swings, with "
            + kilobits(uneven.evenBps())
            + " on the mean and "
            + kilobits(uneven.peakBps())
            + " in its fullest second; "
            + names(strict)
            + verb(strict, " wants", " want")
            + " it constant, as peaks hold the stream up on its way."
            + OBS
            + "Output → Streaming → Rate Control: CBR.");
  }

  /**
   * Within what the platform takes a second may be as full as it likes: a still picture has few
   * bits.
   */
  private static boolean isTooMuch(Flow flow, Place place) {
    Integer most = place.preset().limits().videoKbps();
    return !place.preset().takesEveryCodec()
        && (most == null || Objects.requireNonNull(flow.peakBps()) > most * 1_000L);
  }

  private static boolean swings(Flow flow, double times) {
    Long peak = flow.peakBps();
    Long even = flow.evenBps();
    return peak != null && even != null && peak > even * times && peak - even > HARMLESS_PEAK_BPS;
  }

  static @Nullable Warning missingFrames(Arriving a, List<Place> places) {
    double share = a.bound(FRAMES_MISSING, 0.05, 0.02);
    Flow holed = first(a, SETTLED_MS, flow -> hasHoles(flow, share));
    if (holed == null) {
      return null;
    }
    return new Warning(
        FRAMES_MISSING,
        "The frame rate is unstable: "
            + Math.round(100 * Objects.requireNonNull(holed.missingShare()))
            + " % of the last pictures are missing. OBS tells under View → Stats whether the"
            + " encoder skips them or the network drops them."
            + OBS
            + "Output → Streaming → CPU Usage Preset: a faster one, or Video → Common FPS Values:"
            + " 30; where the network drops them, Output → Streaming → Bitrate: a lower one.");
  }

  private static boolean hasHoles(Flow flow, double share) {
    return flow.missingShare() != null && flow.missingShare() > share;
  }

  static @Nullable Warning drift(Arriving a, List<Place> places) {
    Long drift = a.times().audioDriftMs();
    if (drift == null || !a.flows() || Math.abs(drift) <= a.bound(DRIFT, 100, 70)) {
      return null;
    }
    return new Warning(
        DRIFT,
        "Sound and picture move apart: since the encoder connected the sound has moved "
            + Math.abs(drift)
            + " ms "
            + (drift > 0 ? "ahead of" : "behind")
            + " the picture."
            + OBS
            + "Audio → General → Sample Rate: the one that your audio devices have, and switch off"
            + " Use Device Timestamps in the audio source's properties.");
  }

  static @Nullable Warning fast(Arriving a, List<Place> places) {
    Double pace = a.times().pace();
    Long lead = a.times().leadMs();
    if (pace == null || lead == null || !a.flows() || lead <= 10_000) {
      return null;
    }
    if (pace <= a.bound(FAST, 1.05, 1.02)) {
      return null;
    }
    return new Warning(
        FAST,
        "The stream's time runs faster than real time, and is "
            + seconds(lead)
            + " ahead by now: platforms drop what comes too early. With ffmpeg put -re before each"
            + " -i; in OBS leave the stream and start it again: Controls → Stop Streaming, Start"
            + " Streaming.");
  }

  /** Of the first track of pictures that is so, once the encoder is connected for that long. */
  private static @Nullable Flow first(Arriving a, int connectedMs, Predicate<Flow> rule) {
    if (!a.flows() || a.connected().toMillis() < connectedMs) {
      return null;
    }
    Optional<Flow> found = a.pictures().stream().map(Picture::flow).filter(rule).findFirst();
    return found.orElse(null);
  }
}
