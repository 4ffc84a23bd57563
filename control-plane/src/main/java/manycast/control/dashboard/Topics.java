package manycast.control.dashboard;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manycast.control.events.EventHub;
import org.jspecify.annotations.Nullable;

/** The topics that any page is open about, each for as long as one is. */
final class Topics {
  /**
   * A topic's name.
   *
   * @param kind of page
   * @param of what, such as the stream's id; with {@code accountId} and {@code kind} it names
   *     everything that decides what such a page shows
   */
  record Key(UUID accountId, String kind, List<Object> of) {}

  /** Starts watching for changes of a topic. */
  interface Watching extends Function<Topic, List<EventHub.Watch>> {}

  private record Open(Topic topic, List<EventHub.Watch> watches, int pages) {
    Open with(int more) {
      return new Open(topic, watches, pages + more);
    }
  }

  /** A page's hold on its topic. */
  final class Hold implements AutoCloseable {
    private final Key key;
    private final Topic topic;

    private Hold(Key key, Topic topic) {
      this.key = key;
      this.topic = topic;
    }

    Topic topic() {
      return topic;
    }

    /** The last one that lets go ends the watching. */
    @Override
    public void close() {
      open.compute(key, (_, held) -> letGo(held));
    }
  }

  private final Map<Key, Open> open = new ConcurrentHashMap<>();

  /** Holds the topic of this name, which source and watching are for where nobody holds it. */
  Hold hold(Key key, Topic.Source source, Watching watching) {
    Open held =
        open.compute(key, (_, known) -> known == null ? begin(source, watching) : known.with(1));
    return new Hold(key, held.topic());
  }

  private static @Nullable Open letGo(@Nullable Open held) {
    if (held == null || held.pages() > 1) {
      return held == null ? null : held.with(-1);
    }
    held.watches().forEach(EventHub.Watch::close);
    return null;
  }

  private static Open begin(Topic.Source source, Watching watching) {
    var topic = new Topic(source);
    return new Open(topic, watching.apply(topic), 1);
  }
}
