package manycast.media.broadcast;

import manycast.media.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One reader's place in a log. It yields every entry from a start point on, in order; when it is
 * too far behind it jumps to the newest start point, so that what it yields is decodable from each
 * jump on and holds no half group. It holds no frames: what it yields is lent until the log evicts
 * it, which is not before the call returns.
 */
public final class Cursor {
  /** How far a cursor may be behind before it jumps, where no group is longer. */
  private static final int LAG_BOUND_MS = 2_000;

  private static final long NO_POSITION = -1;

  private final BroadcastLog log;
  private final CursorReader reader;
  private long position = NO_POSITION;
  private long mediaPosition;
  private long startSequence;
  private long gateMs;
  private boolean started;
  private boolean caughtUp;
  private boolean jumped;
  private boolean closed;
  private int skips;
  private long dropped;

  Cursor(BroadcastLog log, CursorReader reader) {
    this.log = log;
    this.reader = reader;
  }

  /**
   * The next entry to send, or null when there is none now. After a start or a skip {@link
   * #takeJump} answers true once, before the first entry that follows it is sent.
   */
  public @Nullable LogEntry next(long nowMs) {
    if (closed) {
      return null;
    }
    skipIfLate(nowMs);
    while (position != NO_POSITION && position < log.head()) {
      LogEntry entry = log.at(position++);
      Frame frame = entry.frame();
      boolean wanted = isWanted(entry);
      if (frame.isMedia()) {
        mediaPosition = entry.mediaIndex() + 1;
        countAround(entry, wanted);
      }
      if (wanted) {
        started = true;
        return entry;
      }
    }
    caughtUp |= position != NO_POSITION && started;
    return null;
  }

  /**
   * Whether the entry that {@link #next} gave last is the first after a start or a skip; asked
   * once.
   */
  public boolean takeJump() {
    boolean was = jumped;
    jumped = false;
    return was;
  }

  /** Decode time in milliseconds of the start point that it started at, or jumped to, last. */
  public long startMs() {
    return gateMs;
  }

  /**
   * Sequence from which it last started: configs in force there are what the reader needs first.
   */
  public long startSequence() {
    return startSequence;
  }

  /** Whether anything is there to be read, or comes without another start point. */
  public boolean hasPosition() {
    return position != NO_POSITION;
  }

  /** How long the oldest entry that it has not yielded yet has been in the log; 0 at the head. */
  public long lagMs(long nowMs) {
    if (position == NO_POSITION || position >= log.head()) {
      return 0;
    }
    return nowMs - log.at(Math.max(position, log.firstSequence())).arrivalMs();
  }

  /** Whether it has yielded everything in the log. */
  public boolean isAtHead() {
    return position >= log.head();
  }

  /** How often it jumped over frames. */
  public int skips() {
    return skips;
  }

  /** How many access units it jumped over. */
  public long dropped() {
    return dropped;
  }

  /** Lets go of the log. */
  public void close() {
    if (!closed) {
      closed = true;
      log.remove(this);
    }
  }

  void offer(long nowMs) {
    if (!closed) {
      reader.offered(nowMs);
    }
  }

  void startCame(LogEntry start) {
    if (position == NO_POSITION) {
      startAt(start);
    }
  }

  void startAt(LogEntry start) {
    if (started) {
      skips++;
      dropped += start.mediaIndex() - mediaPosition;
    }
    position = start.startSequence();
    startSequence = start.sequence();
    mediaPosition = start.mediaIndex();
    gateMs = start.frame().dtsMs();
    jumped = true;
  }

  void takePlaceOf(Cursor other) {
    position = other.position;
    startSequence = other.startSequence;
    mediaPosition = other.mediaPosition;
    gateMs = other.gateMs;
    jumped = other.jumped;
  }

  /** The first entry that it still needs; a cursor without a position needs none. */
  long needsFrom() {
    return position == NO_POSITION ? Long.MAX_VALUE : position;
  }

  private void skipIfLate(long nowMs) {
    if (position == NO_POSITION) {
      return;
    }
    boolean overrun = position < log.firstSequence();
    LogEntry newest = log.newestStart();
    if (overrun) {
      position = NO_POSITION;
      if (newest != null) {
        startAt(newest);
      }
    } else if (caughtUp
        && newest != null
        && newest.startSequence() > position
        && lagMs(nowMs) > Math.max(LAG_BOUND_MS, log.groupMs())) {
      startAt(newest);
    }
  }

  /**
   * A skip counts all before the start point as dropped; what is sent of it, or dropped behind it,
   * is put right here.
   */
  private void countAround(LogEntry entry, boolean wanted) {
    if (skips > 0 && wanted == entry.sequence() < startSequence) {
      dropped += wanted ? -1 : 1;
    }
  }

  /**
   * Between the first audio of a start point and the start point itself only that audio is wanted;
   * later, none from before it.
   */
  private boolean isWanted(LogEntry entry) {
    Frame frame = entry.frame();
    if (!frame.isMedia()) {
      return true;
    }
    if (frame.track().isAudio()) {
      return frame.dtsMs() >= gateMs;
    }
    return entry.sequence() >= startSequence;
  }
}
