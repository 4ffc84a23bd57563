package manycast.db.events;

import java.util.List;

/**
 * What an {@link EventFeed} tells, one call after another on the feed's own thread. A listener that
 * throws is told {@code disconnected} and, after a pause, {@code connected} again, where it catches
 * up on what it missed.
 */
public interface EventListener {
  /**
   * The feed reads, and every event after {@code from} will come. Whatever the listener keeps may
   * be stale: read anew everything you care for.
   */
  void connected(EventPosition from);

  /** The next events, at least one, in order; each comes once. */
  void events(List<Event> events);

  /** No events come until {@link #connected}; also told after each further attempt that failed. */
  void disconnected(Exception why);
}
