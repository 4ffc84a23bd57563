package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.broadcasts.RelayState;
import manycast.control.destinations.DestinationView;
import manycast.control.live.LiveView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * A destination's row.
 *
 * @param mark two letters in place of a logo
 * @param why our plain sentence for what is wrong; null when nothing is
 * @param said the same in the words of the server or of the system
 * @param next when it is tried again
 */
record DestinationRow(
    UUID id,
    String name,
    String platform,
    String mark,
    String url,
    String state,
    boolean enabled,
    boolean behind,
    boolean retryable,
    @Nullable String why,
    @Nullable String said,
    @Nullable Instant next,
    Figures figures) {

  /**
   * What changes every second.
   *
   * @param still whether nothing flows, so that the figure is written softly
   */
  record Figures(String bitrate, @Nullable Long bitrateBps, boolean still, List<String> facts) {
    private static final Figures NONE = new Figures("0 kbit/s", 0L, true, List.of());
  }

  private static final Map<String, String> WHY =
      Map.ofEntries(
          Map.entry("dns", "The server's name is not known: check the server URL."),
          Map.entry(
              "refused", "Nothing listens at that address: the server refused the connection."),
          Map.entry("unreachable", "The server cannot be reached from here."),
          Map.entry("timeout", "The server did not answer in time."),
          Map.entry("tls_untrusted", "The server's certificate is not trusted."),
          Map.entry("tls_host", "The server's certificate is for another name."),
          Map.entry("handshake", "What answers there does not speak RTMP."),
          Map.entry(
              "bad_key",
              "The server refused the stream key: it may be mistyped, expired or in use."),
          Map.entry("rejected", "The server refused this broadcast."),
          Map.entry(
              "closed_early",
              "The server closed the connection as soon as the broadcast began: check the stream key."),
          Map.entry("stalled", "The server stopped taking data."),
          Map.entry("reset", "The connection to the server broke."),
          Map.entry(
              "incompatible_codec",
              "This platform does not take the codec that your encoder sends."),
          Map.entry(
              "address_forbidden",
              "That address lies in a private network, where this installation may not send."),
          Map.entry("internal", "We failed here. It has been noted, and is tried again."));

  /**
   * Whether nobody has been live since the last change or not: what stands in the rows of the
   * database.
   */
  static DestinationRow idle(DestinationView d, String platform) {
    String state = d.state().word();
    return new DestinationRow(
        d.id(),
        d.name(),
        platform,
        mark(platform),
        d.url(),
        state,
        d.enabled(),
        false,
        false,
        null,
        null,
        null,
        Figures.NONE);
  }

  /** While a broadcast runs. */
  static DestinationRow live(DestinationView d, String platform, LiveView.Destination now) {
    RelayState state = d.enabled() ? now.state() : RelayState.DISABLED;
    boolean trouble = state == RelayState.RETRYING || state == RelayState.FAILED;
    String said = trouble ? now.lastError() : null;
    String why =
        trouble
            ? WHY.getOrDefault(
                String.valueOf(now.lastErrorCode()),
                said == null ? "The connection was lost." : said)
            : null;
    return new DestinationRow(
        d.id(),
        d.name(),
        platform,
        mark(platform),
        d.url(),
        state.word(),
        d.enabled(),
        now.behind() && state == RelayState.LIVE,
        trouble,
        why,
        said != null && said.equals(why) ? null : said,
        state == RelayState.RETRYING ? now.nextRetryAt() : null,
        figures(state, now));
  }

  private static Figures figures(RelayState state, LiveView.Destination now) {
    boolean flows = state == RelayState.LIVE;
    var facts = new ArrayList<String>();
    if (flows && now.lagMs() != null) {
      facts.add("lag " + Wording.seconds(now.lagMs()));
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

  /** The row without what changes every second. */
  DestinationRow withoutFigures() {
    return new DestinationRow(
        id,
        name,
        platform,
        mark,
        url,
        state,
        enabled,
        behind,
        retryable,
        why,
        said,
        next,
        Figures.NONE);
  }

  /** Said when the row is made; the page's script counts on from there. */
  public String nextText() {
    long seconds = next == null ? 0 : Duration.between(Instant.now(), next).toSeconds();
    return seconds > 0 ? "in " + seconds + " s" : "now";
  }

  Fragment fragment() {
    var part =
        new Fragment(
            "figures-" + id,
            "destinations/_figures",
            figures,
            Map.of("row", this, "figures", figures),
            List.of());
    return new Fragment(
        "destination-" + id,
        "destinations/_row",
        withoutFigures(),
        Map.of("row", this),
        List.of(part));
  }

  private static String mark(String platform) {
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
