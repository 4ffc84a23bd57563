package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.broadcasts.Broadcast;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.RelayState;
import manycast.control.streams.StreamService;
import manycast.control.streams.StreamView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The account's streams at one moment. */
record HomePage(List<Card> streams) {

  /** One stream; {@code since} is when its broadcast began, null when there is none. */
  record Card(UUID id, String name, String state, String summary, @Nullable Instant since) {
    public String sinceText() {
      return since == null ? "" : Wording.running(Duration.between(since, Instant.now()));
    }
  }

  /** Reads it. */
  @Component
  static class Source {
    /** More streams than this are not listed here. */
    private static final int MOST = 200;

    private final StreamService streams;
    private final BroadcastService broadcasts;

    Source(StreamService streams, BroadcastService broadcasts) {
      this.streams = streams;
      this.broadcasts = broadcasts;
    }

    HomePage read(UUID accountId) {
      List<StreamView> views = streams.list(accountId, null, MOST);
      Map<UUID, Broadcast> current =
          views.isEmpty()
              ? Map.of()
              : broadcasts.current(views.stream().map(StreamView::id).toList());
      return new HomePage(views.stream().map(view -> card(view, current.get(view.id()))).toList());
    }
  }

  List<Fragment> fragments() {
    return List.of(new Fragment("streams", "dashboard/_streams", "streams", streams));
  }

  private static Card card(StreamView view, @Nullable Broadcast current) {
    int all = view.destinations().size();
    long live = view.destinations().stream().filter(d -> d.state() == RelayState.LIVE).count();
    long trouble =
        view.destinations().stream()
            .filter(d -> d.state() == RelayState.RETRYING || d.state() == RelayState.FAILED)
            .count();
    String summary =
        all == 0
            ? "No destination yet"
            : Wording.count(all, "destination", "destinations")
                + (live > 0 ? ", " + live + " live" : "")
                + (trouble > 0 ? ", " + trouble + " in trouble" : "");
    return new Card(
        view.id(),
        view.name(),
        view.state().word(),
        summary,
        current == null ? null : current.startedAt());
  }
}
