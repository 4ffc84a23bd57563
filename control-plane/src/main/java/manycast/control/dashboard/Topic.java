package manycast.control.dashboard;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What any number of open pages are about, such as one stream: it is read, laid out and rendered
 * once for all of them.
 */
final class Topic {
  /** Events wake the pages; this is for what no event tells, such as a refusal that has run out. */
  private static final Duration ROWS_AT_LEAST = Duration.ofSeconds(10);

  /**
   * Pages that wake in the same second without having been told of anything share one moment; the
   * next second is another one.
   */
  private static final Duration MOMENT = Duration.ofMillis(500);

  /** Where its pages come from. */
  interface Source {
    /**
     * Asks the database. Throws {@code NotFoundException} when it is no more, or not the account's.
     */
    Layout read();
  }

  /** What was read from the database, to lay the figures of any second over it. */
  interface Layout {
    /**
     * The page of this second.
     *
     * @param mayChange for somebody who may change things
     */
    List<Fragment> page(boolean mayChange);
  }

  private record Rows(Layout layout, long change, long nanos) {}

  private record Laid(Moment moment, long change, long nanos) {}

  private final Source source;
  private final Set<Feed> feeds = ConcurrentHashMap.newKeySet();
  private final AtomicLong rowChanges = new AtomicLong();
  private final AtomicLong figureChanges = new AtomicLong();
  private final SharedReading<Rows> rows = new SharedReading<>();
  private final SharedReading<Laid> forThoseWhoMayChange = new SharedReading<>();
  private final SharedReading<Laid> forOthers = new SharedReading<>();

  Topic(Source source) {
    this.source = source;
  }

  /** From now on this page is woken by changes. */
  void add(Feed feed) {
    feeds.add(feed);
  }

  void remove(Feed feed) {
    feeds.remove(feed);
  }

  /**
   * A page was opened. What it is shown first must not be older than what its browser has loaded
   * just now, whether or not the event of that has come.
   */
  void pageOpened() {
    rowChanges.incrementAndGet();
  }

  /** Rows of the database have changed. Never blocks, never throws. */
  void rowsChanged() {
    rowChanges.incrementAndGet();
    feeds.forEach(Feed::wake);
  }

  /** New figures are there. Never blocks, never throws. */
  void figuresChanged() {
    figureChanges.incrementAndGet();
    feeds.forEach(Feed::wake);
  }

  /** What its pages show now. Throws what its source throws. */
  Moment now(boolean mayChange) {
    long change = changes();
    return (mayChange ? forThoseWhoMayChange : forOthers)
        .get(
            laid -> laid.change() >= change && isYounger(laid.nanos(), MOMENT),
            () -> lay(mayChange))
        .moment();
  }

  private Laid lay(boolean mayChange) {
    long change = changes();
    Layout layout =
        rows.get(
                read -> read.change() == rowChanges.get() && isYounger(read.nanos(), ROWS_AT_LEAST),
                this::read)
            .layout();
    return new Laid(new Moment(layout.page(mayChange)), change, System.nanoTime());
  }

  private Rows read() {
    // Before it reads: what changes meanwhile is read once more.
    long change = rowChanges.get();
    return new Rows(source.read(), change, System.nanoTime());
  }

  /** Grows with each change: whatever is read after this was asked has all that it counts. */
  private long changes() {
    return rowChanges.get() + figureChanges.get();
  }

  private static boolean isYounger(long nanos, Duration age) {
    return System.nanoTime() - nanos < age.toNanos();
  }
}
