package manycast.control.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import manycast.control.broadcasts.Broadcast;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.RelayState;
import manycast.control.live.LiveFigures;
import manycast.control.preview.PreviewAddress;
import manycast.control.streams.StreamService;
import manycast.control.streams.StreamView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The account's streams at one moment: first whatever is on air, what needs somebody foremost, then
 * a part of the others.
 *
 * @param here its own address's query, from which its event stream is named
 * @param next the address of the part behind; null when this is the last
 * @param first whether nothing comes before: only then is what is on air shown
 */
record HomePage(
    List<Card> onAir, List<Card> others, String here, @Nullable String next, boolean first) {
  /** Broadcasts are few, and nobody reads more cards at once. */
  private static final int MOST_ON_AIR = 100;

  private static final int PAGE = 24;

  /** In the order in which they matter to whoever looks. */
  private static final List<RelayState> WORST_FIRST =
      List.of(
          RelayState.FAILED,
          RelayState.RETRYING,
          RelayState.CONNECTING,
          RelayState.LIVE,
          RelayState.IDLE,
          RelayState.DISABLED);

  /**
   * One stream.
   *
   * @param tallies of its destinations by state, trouble first
   * @param figures null while it is off air
   * @param still null likewise
   */
  record Card(
      UUID id,
      String name,
      String state,
      List<Tally> tallies,
      @Nullable Figures figures,
      @Nullable Still still) {
    Fragment fragment() {
      var card = new Card(id, name, state, tallies, figures == null ? null : Figures.NONE, null);
      return new Fragment(
          "stream-card-" + id,
          "dashboard/_card",
          card,
          Map.of("card", this),
          figures == null || still == null
              ? List.of()
              : List.of(
                  new Fragment(
                      "card-figures-" + id,
                      "dashboard/_cardFigures",
                      figures,
                      Map.of("card", this, "figures", figures),
                      List.of()),
                  new Fragment("card-still-" + id, "preview/_still", "still", still)));
    }

    private long trouble() {
      return tallies.stream().filter(Tally::trouble).mapToLong(Tally::count).sum();
    }
  }

  /** So many destinations are in this state. */
  record Tally(String state, long count, boolean trouble) {}

  /** What changes every second; the uptime is counted on by the page's script. */
  record Figures(Instant since, String in, String out) {
    private static final Figures NONE = new Figures(Instant.EPOCH, "", "");

    public String sinceText() {
      return Wording.running(Duration.between(since, Instant.now()));
    }
  }

  /**
   * The newest picture of what is on air.
   *
   * @param url null where there is none to be had
   */
  record Still(UUID stream, String name, @Nullable String url) {
    /** Without the token in its address. */
    @Override
    public String toString() {
      return "Still[" + stream + "]";
    }
  }

  /** What stands in the database: it changes with events only. */
  record Rows(
      List<StreamView> onAir,
      List<StreamView> others,
      Map<UUID, Broadcast> broadcasts,
      boolean more,
      @Nullable UUID after) {}

  /** Reads it. */
  @Component
  static class Source {
    private final StreamService streams;
    private final BroadcastService broadcasts;
    private final LiveFigures figures;

    Source(StreamService streams, BroadcastService broadcasts, LiveFigures figures) {
      this.streams = streams;
      this.broadcasts = broadcasts;
      this.figures = figures;
    }

    /** The part of the streams off air that comes after the given one. */
    Rows rows(UUID accountId, @Nullable UUID after) {
      List<StreamView> onAir = after == null ? streams.onAir(accountId, MOST_ON_AIR) : List.of();
      List<StreamView> others = streams.offAir(accountId, after, PAGE + 1);
      return new Rows(
          onAir,
          others.subList(0, Math.min(PAGE, others.size())),
          onAir.isEmpty()
              ? Map.of()
              : broadcasts.current(onAir.stream().map(StreamView::id).toList()),
          others.size() > PAGE,
          after);
    }

    /** These rows with the figures of this second. */
    HomePage page(Rows rows) {
      return of(
          rows,
          figures::rates,
          broadcast -> figures.preview(broadcast).map(PreviewAddress::stillUrl).orElse(null));
    }
  }

  static HomePage of(
      Rows rows,
      Function<Broadcast, LiveFigures.Rates> rates,
      Function<Broadcast, @Nullable String> stillUrls) {
    return new HomePage(
        rows.onAir().stream()
            .map(view -> card(view, rows.broadcasts().get(view.id()), rates, stillUrls))
            .sorted(Comparator.comparingLong(Card::trouble).reversed())
            .toList(),
        rows.others().stream().map(view -> card(view, null, rates, stillUrls)).toList(),
        rows.after() == null ? "" : "?after=" + rows.after(),
        rows.more() ? "/?after=" + rows.others().getLast().id() : null,
        rows.after() == null);
  }

  /** Whether the account has no stream at all. */
  public boolean empty() {
    return first && onAir.isEmpty() && others.isEmpty();
  }

  List<Fragment> fragments() {
    var cards = new ArrayList<Fragment>();
    Stream.concat(onAir.stream(), others.stream()).map(Card::fragment).forEach(cards::add);
    return List.of(
        new Fragment(
            "streams",
            "dashboard/_streams",
            List.of(onAir.stream().map(Card::id).toList(), others.stream().map(Card::id).toList()),
            Map.of("page", this),
            cards));
  }

  private static Card card(
      StreamView view,
      @Nullable Broadcast broadcast,
      Function<Broadcast, LiveFigures.Rates> rates,
      Function<Broadcast, @Nullable String> stillUrls) {
    var tallies = new ArrayList<Tally>();
    for (RelayState state : WORST_FIRST) {
      long count = view.destinations().stream().filter(d -> d.state() == state).count();
      if (count > 0) {
        boolean trouble = state == RelayState.FAILED || state == RelayState.RETRYING;
        tallies.add(new Tally(state.word(), count, trouble));
      }
    }
    return new Card(
        view.id(),
        view.name(),
        view.state().word(),
        List.copyOf(tallies),
        broadcast == null ? null : figures(broadcast, rates.apply(broadcast)),
        broadcast == null ? null : new Still(view.id(), view.name(), stillUrls.apply(broadcast)));
  }

  private static Figures figures(Broadcast broadcast, LiveFigures.Rates rates) {
    return new Figures(
        broadcast.startedAt(), Wording.bitrate(rates.inBps()), Wording.bitrate(rates.outBps()));
  }
}
