package manycast.control.dashboard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.broadcasts.RelayState;
import manycast.control.broadcasts.Verdict;
import manycast.control.destinations.DelayInSeconds;
import manycast.control.destinations.DestinationView;
import manycast.control.live.LiveView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * A destination's row.
 *
 * @param platformId its word, {@code platform} its name
 * @param mark two letters in place of a logo
 * @param delay how much later the stream is sent there, in words; null when at once
 * @param why the node's plain sentence for what is wrong or could be better; null when nothing is
 * @param said the words of the server, where it gave any
 * @param next when it is tried again
 * @param trouble whether it is shown before the others: it failed, is tried again or fell behind
 * @param place among the stream's destinations as they were added, from 0
 */
record DestinationRow(
    UUID id,
    String name,
    String platformId,
    String platform,
    String mark,
    String url,
    String state,
    boolean enabled,
    boolean behind,
    boolean retryable,
    @Nullable String delay,
    @Nullable String why,
    @Nullable String said,
    @Nullable Instant next,
    boolean trouble,
    int place,
    Figures figures,
    BitrateChart chart) {

  /**
   * What changes every second.
   *
   * @param still whether nothing flows, so that the figure is written softly
   */
  record Figures(String bitrate, @Nullable Long bitrateBps, boolean still, List<String> facts) {
    private static final Figures NONE = new Figures("0 kbit/s", 0L, true, List.of());
  }

  /**
   * Whether nobody has been live since the last change or not: what stands in the rows of the
   * database.
   */
  static DestinationRow idle(DestinationView d, String platform) {
    String state = d.state().word();
    return new DestinationRow(
        d.id(),
        d.name(),
        d.platform(),
        platform,
        mark(platform),
        d.url(),
        state,
        d.enabled(),
        false,
        false,
        delay(d.delayMs(), d.delayMs()),
        null,
        null,
        null,
        false,
        0,
        Figures.NONE,
        BitrateChart.EMPTY);
  }

  /** While a broadcast runs. */
  static DestinationRow live(DestinationView d, String platform, LiveView.Destination now) {
    RelayState state = d.enabled() ? now.state() : RelayState.DISABLED;
    boolean trouble = state == RelayState.RETRYING || state == RelayState.FAILED;
    // Between two attempts it is no better off: it stays where it is shown.
    boolean again = state == RelayState.CONNECTING && now.lastErrorCode() != null;
    boolean otherDelay = state == RelayState.LIVE && now.delayMs() != d.delayMs();
    Verdict verdict = d.enabled() ? now.verdict() : null;
    return new DestinationRow(
        d.id(),
        d.name(),
        d.platform(),
        platform,
        mark(platform),
        d.url(),
        state.word(),
        d.enabled(),
        now.behind() && state == RelayState.LIVE,
        trouble,
        delay(otherDelay ? now.delayMs() : d.delayMs(), d.delayMs()),
        verdict == null ? null : verdict.sentence(),
        verdict == null ? null : verdict.said(),
        verdict == null ? null : verdict.nextAttempt(),
        trouble || again || now.behind() && state == RelayState.LIVE,
        0,
        figures(state, now),
        BitrateChart.EMPTY);
  }

  /** The same row at its place, with its curve. */
  DestinationRow at(int newPlace, BitrateChart newChart) {
    return with(newPlace, figures, newChart);
  }

  private static Figures figures(RelayState state, LiveView.Destination now) {
    boolean flows = state == RelayState.LIVE;
    var facts = new ArrayList<String>();
    if (flows && now.lagMs() != null) {
      facts.add("lag " + Wording.seconds(now.lagMs()));
    }
    if (flows && now.rttMs() != null) {
      facts.add("RTT " + now.rttMs() + " ms");
    }
    if (flows && now.behind()) {
      addWhatHolds(now, facts);
    }
    if (now.bytesSent() > 0) {
      facts.add(Wording.bytes(now.bytesSent()) + " sent");
    }
    if (now.skips() > 0) {
      facts.add(
          Wording.count(now.skips(), "skip", "skips")
              + " ("
              + Wording.count(now.framesDropped(), "frame", "frames")
              + ")");
    }
    if (now.reconnects() > 0) {
      facts.add(Wording.count(now.reconnects(), "reconnect", "reconnects"));
    }
    Long bitrate = flows ? now.bitrateBps() : Long.valueOf(0);
    return new Figures(Wording.bitrate(bitrate), bitrate, !flows, List.copyOf(facts));
  }

  /** What the connection's own figures say, where it does not carry the stream. */
  private static void addWhatHolds(LiveView.Destination now, List<String> facts) {
    if (now.unsentBytes() != null && now.unsentBytes() > 0) {
      facts.add(Wording.bytes(now.unsentBytes()) + " waiting");
    }
    if (now.retransmits() != null && now.retransmits() > 0) {
      facts.add(Wording.count(now.retransmits(), "segment", "segments") + " sent again");
    }
  }

  /** The row without what changes every few seconds. */
  DestinationRow withoutFigures() {
    return with(place, Figures.NONE, BitrateChart.EMPTY);
  }

  private DestinationRow with(int newPlace, Figures newFigures, BitrateChart newChart) {
    return new DestinationRow(
        id,
        name,
        platformId,
        platform,
        mark,
        url,
        state,
        enabled,
        behind,
        retryable,
        delay,
        why,
        said,
        next,
        trouble,
        newPlace,
        newFigures,
        newChart);
  }

  private static @Nullable String delay(int inForceMs, int wantedMs) {
    if (inForceMs != wantedMs) {
      return "delayed by %s s, %s s wanted"
          .formatted(DelayInSeconds.written(inForceMs), DelayInSeconds.written(wantedMs));
    }
    return wantedMs == 0 ? null : "delayed by " + DelayInSeconds.written(wantedMs) + " s";
  }

  /** Said when the row is made; the page's script counts on from there. */
  public String nextText() {
    return Wording.until(next == null ? Instant.now() : next);
  }

  Fragment fragment() {
    var part =
        new Fragment(
            "figures-" + id,
            "destinations/_figures",
            figures,
            Map.of("row", this, "figures", figures),
            List.of());
    var curve =
        new Fragment("curve-" + id, "destinations/_curve", chart, Map.of("row", this), List.of());
    return new Fragment(
        "destination-" + id,
        "destinations/_row",
        withoutFigures(),
        Map.of("row", this),
        List.of(part, curve));
  }

  static String mark(String platform) {
    String[] words = platform.split("[^A-Za-z0-9]+", 3);
    String first = words[0];
    if (words.length > 1 && !words[1].isEmpty()) {
      return ""
          + Character.toUpperCase(first.charAt(0))
          + Character.toUpperCase(words[1].charAt(0));
    }
    return first.length() < 2
        ? first
        : "" + Character.toUpperCase(first.charAt(0)) + first.charAt(1);
  }
}
