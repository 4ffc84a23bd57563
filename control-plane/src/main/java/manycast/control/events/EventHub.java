package manycast.control.events;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import manycast.db.events.Event;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Fans the one event feed of this process out to whoever watches. */
@Component
public class EventHub {
  /**
   * Is told of events as they happen; called on the feed's thread, so it must not block and must
   * not throw.
   */
  public interface Watcher {
    /** These happened, in the order of the log. */
    void happened(List<Event> events);

    /** Events may have been missed: what the watcher shows is to be read anew. */
    void missed();
  }

  /** Ends the watching. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  private record Entry(@Nullable UUID accountId, Watcher watcher) {}

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /** Watches one account, or with null every account and the nodes. */
  public Watch watch(@Nullable UUID accountId, Watcher watcher) {
    var entry = new Entry(accountId, watcher);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  void happened(List<Event> events) {
    for (Entry entry : entries) {
      List<Event> own =
          entry.accountId() == null
              ? events
              : events.stream()
                  .filter(event -> entry.accountId().equals(event.accountId()))
                  .toList();
      if (!own.isEmpty()) {
        entry.watcher().happened(own);
      }
    }
  }

  void missed() {
    entries.forEach(entry -> entry.watcher().missed());
  }
}
