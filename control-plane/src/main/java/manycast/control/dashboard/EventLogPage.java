package manycast.control.dashboard;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A part of the account's event log, newest first.
 *
 * @param here the query of its own address, from which its event stream is named
 * @param older the address of the part behind; null when this is the last
 * @param first whether nothing newer exists that fits
 * @param faults what is wrong with the filter, by field, as sentences
 */
record EventLogPage(
    EventFilter filter,
    List<Line> lines,
    List<Choice> streams,
    List<Places> destinations,
    List<Kind> kinds,
    String here,
    String exported,
    @Nullable String older,
    boolean first,
    Map<String, String> faults) {

  /**
   * One event.
   *
   * @param tone {@code good}, {@code warn}, {@code bad}, or empty
   * @param icon of the layout's sprite
   */
  record Line(
      String id,
      Instant at,
      String atText,
      String type,
      String tone,
      String icon,
      String text,
      @Nullable UUID streamId,
      @Nullable String streamName,
      @Nullable UUID broadcastId) {}

  /** Something to filter by. */
  record Choice(String id, String name) {}

  /** The destinations of one stream. */
  record Places(String streamName, List<Choice> destinations) {}

  /** The types of one kind. */
  record Kind(String word, String name, List<Choice> types) {}

  /** What is wrong with the field; null where nothing is. */
  public @Nullable String fault(String field) {
    return faults.get(field);
  }

  /** The elements of the page that are pushed. */
  List<Fragment> fragments() {
    return List.of(
        new Fragment("event-lines", "events/_lines", lines, Map.of("page", this), List.of()));
  }
}
