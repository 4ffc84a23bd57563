package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.broadcasts.RelayState;
import manycast.control.destinations.DestinationView;
import manycast.control.live.LiveView;
import manycast.control.streams.StreamState;
import manycast.control.streams.StreamView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/** Everything that a stream's page shows at one moment, in words; the templates only place it. */
record StreamPage(
    Head head,
    @Nullable HeadFigures figures,
    Ingest ingest,
    Picture picture,
    List<DestinationRow> destinations,
    List<Happened> refusals,
    List<Happened> happened,
    Help help,
    List<PastBroadcast> broadcasts) {
  private static final long SILENCE_WORTH_TELLING_MS = 3000;

  /** So many broadcasts in a row that ended without a goodbye are no accident. */
  private static final int PLAIN_CLOSES = 3;

  /**
   * The strip over the page.
   *
   * @param line what the state means now, in a sentence
   * @param closesPlainly whether the encoder, as it seems, never says goodbye, so that every
   *     broadcast waits in vain at its end
   */
  record Head(
      UUID id,
      String name,
      String state,
      String line,
      @Nullable Instant resumeUntil,
      @Nullable Integer resumeGraceSeconds,
      boolean closesPlainly,
      boolean endable,
      @Nullable Refused refused) {
    /** Said when the page is made; its script counts on from there. */
    public String resumeUntilText() {
      return Wording.until(resumeUntil == null ? Instant.now() : resumeUntil);
    }
  }

  /** The encoder of a broadcast that was ended here is kept from starting it again. */
  record Refused(Instant until, String untilText) {}

  /** The sums; {@code stale} says how old they are when that is too old. */
  record HeadFigures(Instant since, String in, String out, String live, @Nullable String stale) {
    public String sinceText() {
      return Wording.running(Duration.between(since, Instant.now()));
    }
  }

  /** Where to publish, and what arrives; the key is null for those who may not see it. */
  record Ingest(
      UUID streamId,
      String server,
      String secureServer,
      @Nullable String key,
      String fingerprint,
      Incoming incoming) {
    @Override
    public String toString() {
      return "Ingest[" + server + ", " + fingerprint + "]";
    }
  }

  /**
   * What arrives from the encoder.
   *
   * @param line all of it in one line; null before its tracks are known
   * @param tracks the same for the curious
   */
  record Incoming(
      @Nullable String silent,
      @Nullable String line,
      List<Pair> pairs,
      List<TrackWords.Details> tracks,
      List<String> warnings) {
    private static final Incoming NOTHING =
        new Incoming(null, null, List.of(), List.of(), List.of());
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
      Function<String, String> platformTitle,
      boolean mayChange) {
    StreamView stream = rows.stream();
    // Rows and figures are read one after the other; a broadcast that ended between the two is
    // over.
    LiveView live = stream.state() == StreamState.DISABLED ? null : figures.orElse(null);
    String state =
        live != null
            ? live.state().word()
            : stream.state() == StreamState.DISABLED ? "disabled" : "idle";
    boolean neverLive = live == null && rows.broadcasts().isEmpty();
    List<DestinationRow> destinations = destinations(stream, live, platformTitle);
    Map<UUID, String> names =
        stream.destinations().stream()
            .collect(Collectors.toMap(DestinationView::id, DestinationView::name));
    return new StreamPage(
        head(rows, live, state, neverLive),
        live == null ? null : headFigures(live),
        new Ingest(
            stream.id(),
            stream.ingest().rtmpUrl(),
            stream.ingest().rtmpsUrl(),
            mayChange ? stream.ingest().streamKey() : null,
            stream.ingest().streamKeyFingerprint(),
            live == null ? Incoming.NOTHING : incoming(live)),
        Picture.of(state, live),
        destinations,
        rows.refusals().stream().map(Happened::of).toList(),
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
    list.add(headFragment());
    list.add(
        new Fragment(
            "destinations",
            "destinations/_list",
            destinations.stream().map(DestinationRow::id).toList(),
            Map.of("rows", destinations),
            destinations.stream().map(DestinationRow::fragment).toList()));
    list.add(
        new Fragment(
            "ingest",
            "streams/_ingest",
            List.of(
                new Ingest(
                    ingest.streamId(),
                    ingest.server(),
                    ingest.secureServer(),
                    ingest.key(),
                    ingest.fingerprint(),
                    Incoming.NOTHING),
                ingest.incoming().tracks().isEmpty()),
            Map.of("ingest", ingest),
            List.of(
                new Fragment("incoming", "streams/_incoming", "incoming", ingest.incoming()),
                new Fragment("tracks", "streams/_tracks", "tracks", ingest.incoming().tracks()))));
    list.add(picture.fragment());
    list.add(new Fragment("refusals", "dashboard/_refusals", "refusals", refusals));
    list.add(new Fragment("happened", "dashboard/_happened", "lines", happened));
    list.add(new Fragment("help", "streams/_help", "help", help));
    list.add(new Fragment("recent-broadcasts", "broadcasts/_recent", "lines", broadcasts));
    return list;
  }

  private Fragment headFragment() {
    if (figures == null) {
      return new Fragment("stream-head", "dashboard/_head", "head", head);
    }
    return new Fragment(
        "stream-head",
        "dashboard/_head",
        List.of(head, "with figures"),
        Map.of("head", head, "figures", figures),
        List.of(new Fragment("stream-figures", "dashboard/_figures", "figures", figures)));
  }

  private static Head head(
      StreamFacts.Rows rows, @Nullable LiveView live, String state, boolean neverLive) {
    String line =
        switch (state) {
          case "disabled" -> "Encoders are refused until you enable the stream again.";
          case "idle" ->
              neverLive
                  ? "Waiting for your encoder for the first time."
                  : "Ready: start your encoder, and every destination goes live.";
          case "resuming" ->
              "The encoder is lost. We wait for it to come back; without it the broadcast ends";
          default -> live == null ? "" : publisher(live.ingest());
        };
    Refused refused =
        rows.refusedUntil().map(until -> new Refused(until, Wording.clock(until))).orElse(null);
    Instant resumeUntil = live == null ? null : live.resumeUntil();
    return new Head(
        rows.stream().id(),
        rows.stream().name(),
        state,
        line,
        resumeUntil,
        rows.stream().resumeGraceSeconds(),
        closesPlainly(rows),
        live != null,
        refused);
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

  private static HeadFigures headFigures(LiveView live) {
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
    return new HeadFigures(
        live.startedAt(),
        Wording.bitrate(live.ingest().bitrateBps()),
        Wording.bitrate(live.ingest().bitrateBps() == null ? null : Long.valueOf(out)),
        reached + " of " + wanted,
        live.stale() ? Wording.length(age) + " old" : null);
  }

  private static List<DestinationRow> destinations(
      StreamView stream, @Nullable LiveView live, Function<String, String> platformTitle) {
    Map<UUID, LiveView.Destination> now =
        live == null
            ? Map.of()
            : live.destinations().stream()
                .collect(Collectors.toMap(LiveView.Destination::id, Function.identity()));
    return stream.destinations().stream()
        .map(
            destination -> {
              String platform = platformTitle.apply(destination.platform());
              LiveView.Destination figures = now.get(destination.id());
              return figures == null
                  ? DestinationRow.idle(destination, platform)
                  : DestinationRow.live(destination, platform, figures);
            })
        .toList();
  }

  private static Incoming incoming(LiveView live) {
    LiveView.Ingest ingest = live.ingest();
    var pairs = new ArrayList<Pair>();
    pairs.add(new Pair("bitrate", "Bitrate", Wording.bitrate(ingest.bitrateBps())));
    if (ingest.width() != null && ingest.height() != null) {
      pairs.add(new Pair("resolution", "Picture", ingest.width() + " × " + ingest.height()));
    }
    if (ingest.frameRate() != null) {
      pairs.add(
          new Pair(
              "frame-rate", "Frame rate", TrackWords.rate(ingest.frameRate()) + " per second"));
    }
    if (ingest.videoCodec() != null || ingest.audioCodec() != null) {
      pairs.add(new Pair("codecs", "Codecs", codecs(ingest.videoCodec(), ingest.audioCodec())));
    }
    if (ingest.keyframeIntervalMs() != null) {
      pairs.add(
          new Pair("keyframes", "A keyframe every", Wording.seconds(ingest.keyframeIntervalMs())));
    }
    Long silentMs = ingest.silentMs();
    String silent =
        silentMs == null || silentMs < SILENCE_WORTH_TELLING_MS
            ? null
            : "No media for " + silentMs / 1000 + " s.";
    return new Incoming(
        silent,
        TrackWords.line(ingest),
        List.copyOf(pairs),
        TrackWords.details(ingest),
        ingest.warnings().stream().map(LiveView.Warning::text).toList());
  }

  private static String codecs(@Nullable String video, @Nullable String audio) {
    String picture = video == null ? "no video" : codec(video);
    return picture + ", " + (audio == null ? "no audio" : codec(audio));
  }

  private static String codec(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "h264", "avc1", "avc" -> "H.264";
      case "aac", "mp4a" -> "AAC";
      default -> word;
    };
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
