package manycast.control.dashboard;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import manycast.control.web.Frame;

/**
 * What the pages of one topic show at one moment, and the markup of it that some page has been
 * sent: it is made once for all that lack the same.
 */
final class Moment {
  private record Lacking(List<String> ids, Frame frame) {}

  private final List<Fragment> page;
  private final Map<Lacking, byte[]> events = new ConcurrentHashMap<>();

  Moment(List<Fragment> page) {
    this.page = page;
  }

  List<Fragment> page() {
    return page;
  }

  /** The event that gives a page of this frame these fragments, which are of this moment. */
  byte[] event(List<Fragment> fragments, Frame frame, Fragments templates) {
    return events.computeIfAbsent(
        new Lacking(fragments.stream().map(Fragment::id).toList(), frame),
        _ -> Feed.event("live", templates.render(fragments, frame)));
  }
}
