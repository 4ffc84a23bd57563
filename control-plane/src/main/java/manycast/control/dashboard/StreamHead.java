package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.broadcasts.RelayState;
import manycast.control.destinations.DestinationView;
import manycast.control.live.LiveView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * The strip over a stream's page.
 *
 * @param state the state's word, for scripts
 * @param word the same as people say it
 * @param line what the state means now, in a sentence
 * @param closesPlainly whether the encoder, as it seems, never says goodbye, so that every
 *     broadcast waits in vain at its end
 * @param figures null while nothing is live
 */
record StreamHead(
    UUID id,
    String name,
    String state,
    String word,
    String line,
    @Nullable Instant resumeUntil,
    @Nullable Integer resumeGraceSeconds,
    boolean closesPlainly,
    boolean endable,
    @Nullable Refused refused,
    @Nullable Figures figures) {
  /** So many broadcasts in a row that ended without a goodbye are no accident. */
  private static final int PLAIN_CLOSES = 3;

  /** The encoder of a broadcast that was ended here is kept from starting it again. */
  record Refused(Instant until, String untilText) {}

  /**
   * The sums; {@code stale} says how old they are when that is too old, {@code troubled} whether
   * some destination failed or is tried again.
   */
  record Figures(
      Instant since, String in, String out, String live, boolean troubled, @Nullable String stale) {
    public String sinceText() {
      return Wording.running(Duration.between(since, Instant.now()));
    }
  }

  static StreamHead of(
      StreamFacts.Rows rows, @Nullable LiveView live, String state, boolean neverLive) {
    return new StreamHead(
        rows.stream().id(),
        rows.stream().name(),
        state,
        state.equals("idle") ? "offline" : state,
        line(rows, live, state, neverLive),
        live == null ? null : live.resumeUntil(),
        rows.stream().resumeGraceSeconds(),
        closesPlainly(rows),
        live != null,
        rows.refusedUntil().map(until -> new Refused(until, Wording.clock(until))).orElse(null),
        live == null ? null : figures(live));
  }

  /** Said when the page is made; its script counts on from there. */
  public String resumeUntilText() {
    return Wording.until(resumeUntil == null ? Instant.now() : resumeUntil);
  }

  Fragment fragment() {
    if (figures == null) {
      return new Fragment("stream-head", "dashboard/_head", "head", this);
    }
    return new Fragment(
        "stream-head",
        "dashboard/_head",
        List.of(withoutFigures(), "with figures"),
        Map.of("head", this),
        List.of(new Fragment("stream-figures", "dashboard/_figures", "figures", figures)));
  }

  private StreamHead withoutFigures() {
    return new StreamHead(
        id,
        name,
        state,
        word,
        line,
        resumeUntil,
        resumeGraceSeconds,
        closesPlainly,
        endable,
        refused,
        null);
  }

  private static String line(
      StreamFacts.Rows rows, @Nullable LiveView live, String state, boolean neverLive) {
    return switch (state) {
      case "disabled" -> "Encoders are refused until you enable the stream again.";
      case "idle" ->
          neverLive
              ? "Waiting for your encoder for the first time."
              : rows.stream().destinations().stream().anyMatch(DestinationView::enabled)
                  ? "Ready: start your encoder, and every enabled destination goes live."
                  : "Nothing is sent anywhere: no destination is enabled.";
      case "resuming" ->
          "The encoder is lost. We wait for it to come back; without it the broadcast ends";
      default -> live == null ? "" : publisher(live.ingest());
    };
  }

  private static boolean closesPlainly(StreamFacts.Rows rows) {
    Integer grace = rows.stream().resumeGraceSeconds();
    List<BroadcastView> last =
        rows.broadcasts().stream()
            .filter(broadcast -> broadcast.state() == BroadcastState.ENDED)
            .limit(PLAIN_CLOSES)
            .toList();
    return (grace == null || grace > 0)
        && last.size() == PLAIN_CLOSES
        && last.stream().allMatch(broadcast -> "encoder_lost".equals(broadcast.endReason()));
  }

  private static String publisher(LiveView.Ingest ingest) {
    String encoder = ingest.encoder() == null ? "An encoder" : ingest.encoder();
    return encoder
        + " at "
        + ingest.remoteAddress()
        + " over "
        + ingest.protocol().toUpperCase(Locale.ROOT);
  }

  private static Figures figures(LiveView live) {
    long out = 0;
    for (LiveView.Destination destination : live.destinations()) {
      out +=
          destination.state() == RelayState.LIVE && destination.bitrateBps() != null
              ? destination.bitrateBps()
              : 0;
    }
    long wanted =
        live.destinations().stream().filter(d -> d.state() != RelayState.DISABLED).count();
    long reached = live.destinations().stream().filter(d -> d.state() == RelayState.LIVE).count();
    Duration age = Duration.between(live.asOf(), Instant.now());
    return new Figures(
        live.startedAt(),
        Wording.bitrate(live.ingest().bitrateBps()),
        Wording.bitrate(live.ingest().bitrateBps() == null ? null : Long.valueOf(out)),
        reached + " of " + wanted,
        live.destinations().stream()
            .anyMatch(d -> d.state() == RelayState.FAILED || d.state() == RelayState.RETRYING),
        live.stale() ? Wording.length(age) + " old" : null);
  }
}
