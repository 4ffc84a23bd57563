package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastView;
import manycast.control.platforms.Platform;
import manycast.control.platforms.Platforms;
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

/** The history of a stream: its broadcasts, and each with the totals of its destinations. */
@Controller
class HistoryPages {
  private static final int PAGE = 50;

  /** A page of the history; {@code older} leads to the next one. */
  record History(UUID streamId, String streamName, List<Line> lines, @Nullable String older) {}

  /** One broadcast in the history. */
  record Line(
      UUID id,
      String state,
      Instant startedAt,
      String startedText,
      String length,
      String reason,
      String destinations) {}

  /** One broadcast on its own page. */
  record Page(
      UUID streamId,
      String streamName,
      String state,
      Instant startedAt,
      String startedText,
      List<Pair> pairs,
      List<Total> totals) {}

  /** A name and a value. */
  record Pair(String name, String value) {}

  /** What one destination got. */
  record Total(
      String name,
      String platform,
      String state,
      String sent,
      String frames,
      String dropped,
      String reconnects) {}

  private final StreamService streams;
  private final BroadcastService broadcasts;
  private final Platforms platforms;

  HistoryPages(StreamService streams, BroadcastService broadcasts, Platforms platforms) {
    this.streams = streams;
    this.broadcasts = broadcasts;
    this.platforms = platforms;
  }

  @GetMapping("/streams/{streamId}/broadcasts")
  String list(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID streamId,
      @RequestParam(required = false) @Nullable UUID after,
      Model model) {
    String name = streams.get(signedIn.accountId(), streamId).name();
    List<BroadcastView> page = broadcasts.list(signedIn.accountId(), streamId, after, PAGE);
    String older =
        page.size() < PAGE
            ? null
            : "/streams/" + streamId + "/broadcasts?after=" + page.getLast().id();
    model.addAttribute(
        "history",
        new History(streamId, name, page.stream().map(HistoryPages::line).toList(), older));
    return "broadcasts/list";
  }

  @GetMapping("/broadcasts/{id}")
  String page(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    BroadcastView broadcast = broadcasts.get(signedIn.accountId(), id);
    String name = streams.get(signedIn.accountId(), broadcast.streamId()).name();
    model.addAttribute("broadcast", page(broadcast, name));
    return "broadcasts/page";
  }

  private static Line line(BroadcastView b) {
    return new Line(
        b.id(),
        b.state().word(),
        b.startedAt(),
        Wording.date(b.startedAt()),
        length(b),
        reason(b),
        Wording.count(b.destinations().size(), "destination", "destinations"));
  }

  private Page page(BroadcastView b, String streamName) {
    var pairs = new ArrayList<Pair>();
    pairs.add(new Pair("Length", length(b)));
    pairs.add(new Pair("How it ended", reason(b)));
    pairs.add(new Pair("Interruptions", Wording.count(b.interruptions())));
    long sent = b.destinations().stream().mapToLong(BroadcastView.Totals::bytesSent).sum();
    pairs.add(new Pair("Sent in all", Wording.bytes(sent)));
    return new Page(
        b.streamId(),
        streamName,
        b.state().word(),
        b.startedAt(),
        Wording.date(b.startedAt()),
        pairs,
        b.destinations().stream().map(this::total).toList());
  }

  private Total total(BroadcastView.Totals t) {
    return new Total(
        t.name(),
        platforms.find(t.platform()).map(Platform::title).orElse(t.platform()),
        t.state().word(),
        Wording.bytes(t.bytesSent()),
        Wording.count(t.framesSent()),
        Wording.count(t.framesDropped()),
        Wording.count(t.reconnects()));
  }

  private static String length(BroadcastView b) {
    Instant end = b.endedAt() == null ? Instant.now() : b.endedAt();
    return Wording.length(Duration.between(b.startedAt(), end));
  }

  private static String reason(BroadcastView b) {
    if (b.endReason() == null) {
      return "It goes on";
    }
    String reason = Happened.ended(b.endReason());
    return reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1);
  }
}
