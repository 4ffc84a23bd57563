package manycast.control.dashboard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import manycast.control.broadcasts.Verdict;
import manycast.control.destinations.DelayInSeconds;
import manycast.control.destinations.DestinationView;
import manycast.control.destinations.ListedDestination;
import manycast.control.platforms.Platform;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * A part of the account's destinations, by stream.
 *
 * @param platform the only one shown; empty for all
 * @param here its own address, from which its event stream is named
 * @param next the address of the part behind; null when this is the last
 * @param first whether nothing comes before
 */
record DestinationsPage(
    List<Group> groups,
    String platform,
    List<Platform> platforms,
    String here,
    @Nullable String next,
    boolean first) {

  /** Those of one stream. */
  record Group(UUID streamId, String streamName, boolean streamEnabled, List<Row> rows) {}

  /**
   * One destination.
   *
   * @param mark two letters in place of a logo
   * @param said the destination's own words
   * @param delay in words; null when it is sent at once
   * @param why what is wrong; null while nothing is
   * @param next when it is tried again
   */
  record Row(
      UUID id,
      String name,
      String platformId,
      String platform,
      String mark,
      String url,
      String fingerprint,
      String state,
      boolean enabled,
      boolean behind,
      @Nullable String delay,
      @Nullable String why,
      @Nullable String said,
      @Nullable Instant next) {
    /** Said when the row is made; the page's script counts on from there. */
    public String nextText() {
      return Wording.until(next == null ? Instant.now() : next);
    }

    Fragment fragment() {
      return new Fragment("listed-" + id, "destinations/_listed", "row", this);
    }
  }

  static DestinationsPage of(
      List<ListedDestination> listed,
      String platform,
      List<Platform> platforms,
      String here,
      @Nullable String next,
      boolean first,
      Function<String, String> title) {
    var groups = new ArrayList<Group>();
    for (ListedDestination one : listed) {
      if (groups.isEmpty() || !groups.getLast().streamId().equals(one.streamId())) {
        groups.add(
            new Group(one.streamId(), one.streamName(), one.streamEnabled(), new ArrayList<>()));
      }
      groups.getLast().rows().add(row(one, title));
    }
    return new DestinationsPage(groups, platform, platforms, here, next, first);
  }

  /** The elements of the page that are pushed. */
  List<Fragment> fragments() {
    return List.of(
        new Fragment(
            "all-destinations",
            "destinations/_all",
            groups.stream()
                .map(
                    group ->
                        List.of(
                            group.streamName(),
                            group.streamEnabled(),
                            group.rows().stream().map(Row::id).toList()))
                .toList(),
            Map.of("page", this),
            groups.stream().flatMap(group -> group.rows().stream()).map(Row::fragment).toList()));
  }

  private static Row row(ListedDestination one, Function<String, String> title) {
    DestinationView view = one.view();
    String platform = title.apply(view.platform());
    Verdict verdict = one.verdict();
    return new Row(
        view.id(),
        view.name(),
        view.platform(),
        platform,
        DestinationRow.mark(platform),
        view.url(),
        view.streamKeyFingerprint(),
        view.state().word(),
        view.enabled(),
        one.behind(),
        view.delayMs() == 0 ? null : DelayInSeconds.written(view.delayMs()) + " s delay",
        verdict == null ? null : verdict.sentence(),
        verdict == null ? null : verdict.said(),
        verdict == null ? null : verdict.nextAttempt());
  }
}
