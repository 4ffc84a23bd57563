package manycast.control.dashboard;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manycast.control.events.EventHub;
import org.jspecify.annotations.Nullable;

/** The subjects that any page is open about, each for as long as one is. */
final class Subjects {
  /**
   * A subject's name.
   *
   * @param kind of page
   * @param of what, such as the stream's id; with {@code accountId} and {@code kind} it names
   *     everything that decides what such a page shows
   */
  record Key(UUID accountId, String kind, List<Object> of) {}

  /** Starts watching for changes of a subject. */
  interface Watching extends Function<Subject, List<EventHub.Watch>> {}

  private record Open(Subject subject, List<EventHub.Watch> watches, int pages) {
    Open with(int more) {
      return new Open(subject, watches, pages + more);
    }
  }

  /** A page's hold on its subject. */
  final class Hold implements AutoCloseable {
    private final Key key;
    private final Subject subject;

    private Hold(Key key, Subject subject) {
      this.key = key;
      this.subject = subject;
    }

    Subject subject() {
      return subject;
    }

    /** The last one that lets go ends the watching. */
    @Override
    public void close() {
      open.compute(key, (_, held) -> letGo(held));
    }
  }

  private final Map<Key, Open> open = new ConcurrentHashMap<>();

  /** Holds the subject of this name, which source and watching are for where nobody holds it. */
  Hold hold(Key key, Subject.Source source, Watching watching) {
    Open held =
        open.compute(key, (_, known) -> known == null ? begin(source, watching) : known.with(1));
    return new Hold(key, held.subject());
  }

  private static @Nullable Open letGo(@Nullable Open held) {
    if (held == null || held.pages() > 1) {
      return held == null ? null : held.with(-1);
    }
    held.watches().forEach(EventHub.Watch::close);
    return null;
  }

  private static Open begin(Subject.Source source, Watching watching) {
    var subject = new Subject(source);
    return new Open(subject, watching.apply(subject), 1);
  }
}
