package manycast.control.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import manycast.db.events.Event;

/**
 * What one watcher has not taken yet, at most so many events: of a watcher too slow for that, all
 * are dropped, and it reads the log again from where it stands.
 */
final class Inbox implements EventHub.Watcher {
  /** What lies there: events, or word that the log is to be read instead. */
  record Content(List<Event> events, boolean readLog) {}

  private final int bound;
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private boolean readLog;

  Inbox(int bound) {
    this.bound = bound;
  }

  @Override
  public void happened(List<Event> happened) {
    lock.lock();
    try {
      if (!readLog && events.size() + happened.size() <= bound) {
        events.addAll(happened);
      } else {
        events.clear();
        readLog = true;
      }
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void missed() {
    lock.lock();
    try {
      events.clear();
      readLog = true;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes all of it; waits so long for something to come. */
  Content take(long patienceMillis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
      while (events.isEmpty() && !readLog && left > 0) {
        left = something.awaitNanos(left);
      }
      var content = new Content(new ArrayList<>(events), readLog);
      events.clear();
      readLog = false;
      return content;
    } finally {
      lock.unlock();
    }
  }
}
