package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.broadcasts.KeptBroadcast;
import manycast.control.incidents.IncidentService;
import manycast.control.platforms.Platform;
import manycast.control.platforms.Platforms;
import manycast.control.samples.SampleService;
import manycast.control.signin.SignedIn;
import manycast.control.streams.StreamService;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The history: all broadcasts or those of one stream, and a report of each. */
@Controller
class HistoryPages {
  private static final int PAGE = 30;

  /** Of more streams than this the newest are not offered to filter by. */
  private static final int OFFERED = 200;

  /**
   * A part of the history.
   *
   * @param streamId the only one shown; null for all
   * @param streamName its name
   * @param older the address of the part behind; null when this is the last
   * @param first whether nothing newer exists
   */
  record History(
      @Nullable UUID streamId,
      @Nullable String streamName,
      List<Choice> streams,
      List<Line> lines,
      @Nullable String older,
      boolean first) {}

  /** A stream to filter by. */
  record Choice(UUID id, String name) {}

  /** One broadcast in the history. */
  record Line(
      UUID id,
      UUID streamId,
      String streamName,
      String state,
      Instant startedAt,
      String startedText,
      String length,
      String reason,
      String interruptions,
      String destinations,
      String sent) {}

  private final StreamService streams;
  private final BroadcastService broadcasts;
  private final SampleService samples;
  private final IncidentService incidents;
  private final Platforms platforms;

  HistoryPages(
      StreamService streams,
      BroadcastService broadcasts,
      SampleService samples,
      IncidentService incidents,
      Platforms platforms) {
    this.streams = streams;
    this.broadcasts = broadcasts;
    this.samples = samples;
    this.incidents = incidents;
    this.platforms = platforms;
  }

  @GetMapping("/broadcasts")
  String all(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(required = false) @Nullable UUID stream,
      @RequestParam(required = false) @Nullable UUID after,
      Model model) {
    return list(signedIn, stream, after, model);
  }

  @GetMapping("/streams/{streamId}/broadcasts")
  String ofStream(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID streamId,
      @RequestParam(required = false) @Nullable UUID after,
      Model model) {
    return list(signedIn, streamId, after, model);
  }

  @GetMapping("/broadcasts/{id}")
  String report(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    UUID account = signedIn.accountId();
    KeptBroadcast kept = broadcasts.kept(account, id);
    Instant ended = kept.view().endedAt();
    boolean forgotten =
        ended != null && ended.isBefore(Instant.now().minus(SampleService.RETENTION));
    model.addAttribute(
        "report",
        BroadcastReport.of(
            kept,
            samples.whole(account, id),
            forgotten ? null : incidents.of(account, id),
            word -> platforms.find(word).map(Platform::title).orElse(word)));
    return "broadcasts/page";
  }

  private String list(SignedIn signedIn, @Nullable UUID stream, @Nullable UUID after, Model model) {
    UUID account = signedIn.accountId();
    String name = stream == null ? null : streams.get(account, stream).name();
    List<KeptBroadcast> read = broadcasts.history(account, stream, after, PAGE + 1);
    List<KeptBroadcast> shown = read.subList(0, Math.min(PAGE, read.size()));
    String older =
        read.size() <= PAGE
            ? null
            : "/broadcasts?"
                + (stream == null ? "" : "stream=" + stream + "&")
                + "after="
                + shown.getLast().view().id();
    model.addAttribute(
        "history",
        new History(
            stream,
            name,
            streams.list(account, null, OFFERED).stream()
                .map(one -> new Choice(one.id(), one.name()))
                .toList(),
            shown.stream().map(HistoryPages::line).toList(),
            older,
            after == null));
    return "broadcasts/list";
  }

  private static Line line(KeptBroadcast kept) {
    BroadcastView b = kept.view();
    return new Line(
        b.id(),
        b.streamId(),
        kept.streamName(),
        b.state().word(),
        b.startedAt(),
        Wording.date(b.startedAt()),
        length(b),
        reason(b),
        b.interruptions() == 0
            ? ""
            : Wording.count(b.interruptions(), "interruption", "interruptions"),
        Wording.count(b.destinations().size(), "destination", "destinations"),
        Wording.bytes(b.destinations().stream().mapToLong(BroadcastView.Totals::bytesSent).sum()));
  }

  static String length(BroadcastView b) {
    Instant end = b.endedAt() == null ? Instant.now() : b.endedAt();
    return Wording.length(Duration.between(b.startedAt(), end));
  }

  /** How it ended, as a sentence without its dot. */
  static String reason(BroadcastView b) {
    if (b.endReason() == null) {
      return "It goes on";
    }
    String reason = Happened.ended(b.endReason());
    return reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1);
  }
}
