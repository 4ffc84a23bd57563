package manycast.control.events;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import manycast.db.events.Event;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Fans the one event feed of this process out to whoever watches. */
@Component
public class EventHub {
  private static final Logger log = LoggerFactory.getLogger(EventHub.class);

  /** Is told of events as they happen; called on the feed's thread, so it must not block. */
  public interface Watcher {
    /** These happened, in the order of the log. */
    void happened(List<Event> events);

    /** Events may have been missed: what the watcher shows is to be read anew. */
    void missed();
  }

  /** Ends the watching; more than once does no harm. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  private record Entry(@Nullable UUID accountId, Watcher watcher) {
    boolean sees(Event event) {
      return accountId == null
          || event.accountId() == null
          || Objects.equals(event.accountId(), accountId);
    }
  }

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /**
   * Watches one account, or with null every account; events of nodes, which have no account, are
   * told to all.
   */
  public Watch watch(@Nullable UUID accountId, Watcher watcher) {
    var entry = new Entry(accountId, watcher);
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /** How many watch. */
  public int watchers() {
    return entries.size();
  }

  void happened(List<Event> events) {
    for (Entry entry : entries) {
      List<Event> seen = events.stream().filter(entry::sees).toList();
      if (!seen.isEmpty()) {
        safely(() -> entry.watcher().happened(seen));
      }
    }
  }

  void missed() {
    entries.forEach(entry -> safely(entry.watcher()::missed));
  }

  /** One watcher's fault is not the others'. */
  private static void safely(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      log.error("a watcher of events failed", e);
    }
  }
}
