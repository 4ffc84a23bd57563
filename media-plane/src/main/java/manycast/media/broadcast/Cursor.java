package manycast.media.broadcast;

import java.util.function.Predicate;
import manycast.media.frame.Frame;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import org.jspecify.annotations.Nullable;

/**
 * One reader's place in a log. It yields every entry from a start point on, in order, each when its
 * delay has passed since the entry arrived; when it is too far behind that it jumps to the newest
 * start point that is due, so that what it yields is decodable from each jump on and holds no half
 * group. It holds no frames: what it yields is lent until the log evicts it, which is not before
 * the call returns.
 */
public class Cursor {
  /** How far a cursor may be behind before it jumps, where no group is longer. */
  private static final int LAG_BOUND_MS = 2_000;

  private static final long NO_POSITION = -1;

  private final BroadcastLog log;
  private final CursorReader reader;
  private long position = NO_POSITION;
  private long mediaPosition;
  private long countedTo;
  private long startSequence;
  private long gateMs;
  private int delayMs;
  private int wantedDelayMs;
  private boolean started;
  private boolean caughtUp;
  private boolean jumped;
  private boolean pictureBegun;
  private boolean closed;
  private boolean hasLeapt;
  private boolean parked;
  private int skips;
  private long dropped;

  Cursor(BroadcastLog log, CursorReader reader, int delayMs) {
    this.log = log;
    this.reader = reader;
    this.delayMs = delayMs;
    this.wantedDelayMs = delayMs;
  }

  /**
   * The next entry to send, or null when there is none now. After a start or a skip {@link
   * #takeJump} answers true once, before the first entry that follows it is sent.
   */
  public @Nullable LogEntry next(long nowMs) {
    if (closed || isAtHead()) {
      caughtUp |= started;
      return null;
    }
    shortenWhenPossible(nowMs);
    skipIfLate(nowMs);
    while (position != NO_POSITION && position < log.head()) {
      LogEntry entry = log.at(position);
      if (delayMs > 0 && entry.arrivalMs() + delayMs > nowMs) {
        break;
      }
      position++;
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
   * Whether all that comes next is wanted and not one entry of it needs a look: there is no delay,
   * and start and skips lie behind.
   */
  public boolean isSettled() {
    return isAtHead()
        && caughtUp
        && !jumped
        && delayMs == 0
        && wantedDelayMs == 0
        && log.lastMsBefore(position, TrackKind.AUDIO) >= (isSilent() ? NO_POSITION : gateMs)
        && (pictureBegun || log.lastMsBefore(position, TrackKind.VIDEO) == LogEntry.NO_PREVIOUS);
  }

  private boolean isSilent() {
    return log.lastMsBefore(position, TrackKind.AUDIO) == LogEntry.NO_PREVIOUS;
  }

  /**
   * What a settled cursor yields next, all of it at once, or null where it has to be read entry by
   * entry. {@link #pass} takes it.
   */
  public @Nullable LogRun run(WireFormat format, long nowMs) {
    return closed
            || jumped
            || delayMs > 0
            || wantedDelayMs > 0
            || position < log.firstSequence()
            || position >= log.head()
            || nowMs - log.at(position).arrivalMs() > LAG_BOUND_MS
        ? null
        : log.run(position, format);
  }

  /** The reader has taken this run, which {@link #run} gave. */
  public void pass(LogRun run) {
    position = run.to();
    mediaPosition += run.count();
  }

  /**
   * Another cursor at the same place goes on for this one too: until {@link #leave} it is offered
   * nothing, holds nothing in the log, and is where {@link #follow} last put it.
   */
  public void park() {
    parked = true;
    log.remove(this);
  }

  /** Goes to the place of the cursor that went on for it. */
  public void follow(Cursor leader) {
    position = leader.position;
    mediaPosition = leader.mediaPosition;
  }

  /** Goes on by itself from where it is. */
  public void leave() {
    if (parked) {
      parked = false;
      if (!closed) {
        log.add(this);
      }
    }
  }

  /** Goes to the head, as one that has yielded all before it. */
  public void moveToHead() {
    position = log.head();
    mediaPosition = log.mediaCount();
    started = true;
    caughtUp = true;
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

  /** How long the oldest entry that it has not yielded yet has been due; 0 where none is. */
  public long lagMs(long nowMs) {
    LogEntry oldest = oldestNotYielded();
    return oldest == null ? 0 : Math.max(0, nowMs - oldest.arrivalMs() - delayMs);
  }

  /** When the next entry is due, or {@link Long#MAX_VALUE} where there is none. */
  public long dueAtMs() {
    LogEntry oldest = oldestNotYielded();
    return oldest == null ? Long.MAX_VALUE : oldest.arrivalMs() + delayMs;
  }

  /** How long after its arrival an entry is yielded, in milliseconds. */
  public int delayMs() {
    return delayMs;
  }

  /**
   * Changes the delay. A shorter one comes into force at the next start point ahead that is due by
   * it: the cursor jumps there, and what lies between is not sent. A longer one holds at once;
   * whoever has sent frames by the shorter one begins anew instead.
   */
  public void changeDelay(int newDelayMs) {
    wantedDelayMs = newDelayMs;
    if (!started || newDelayMs > delayMs) {
      delayMs = newDelayMs;
    }
  }

  /** The entry that it reads next; negative while it has no place. */
  public long position() {
    return position;
  }

  /** Makes the jump that the next call of {@link #next} would make first. */
  public void jumpIfLate(long nowMs) {
    if (!closed && !isAtHead()) {
      shortenWhenPossible(nowMs);
      skipIfLate(nowMs);
    }
  }

  /**
   * Where the pictures of a track begin that somebody can show who has it from its last start or
   * jump on: at a keyframe of that track's own, or the log's head where none has come. Where the
   * log does not reach back so far, its front.
   */
  public long showsFrom(Track picture) {
    if (startSequence < log.firstSequence()) {
      return log.firstSequence();
    }
    for (long place = startSequence; place < log.head(); place++) {
      Frame frame = log.at(place).frame();
      if (frame.isMedia() && frame.keyframe() && frame.track().equals(picture)) {
        return place;
      }
    }
    return log.head();
  }

  /**
   * How many access units it will yield of what is in the log before a place; asked before it
   * yields the first after a start or a jump.
   *
   * @param picturesFrom pictures before this place do not count
   */
  public long countUpTo(long sequence, Predicate<Track> of, long picturesFrom) {
    long count = 0;
    if (position != NO_POSITION) {
      for (long next = position; next < Math.min(sequence, log.head()); next++) {
        if (isFromStartOn(next, of, picturesFrom)) {
          count++;
        }
      }
    }
    return count;
  }

  /**
   * Where in the log the last so many access units begin that it yielded; where it has jumped among
   * them, a place before that jump.
   *
   * @param picturesFrom pictures before this place do not count
   */
  public long placeOfLast(long accessUnits, Predicate<Track> of, long picturesFrom) {
    long place = position;
    long more = accessUnits;
    while (more > 0 && place > log.firstSequence()) {
      place--;
      if (isFromStartOn(place, of, picturesFrom)) {
        more--;
      }
    }
    return place;
  }

  /** Whether it has yielded everything in the log. */
  public boolean isAtHead() {
    return position >= log.head();
  }

  /** How often it jumped over frames because it was late. */
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
      skipTo(start);
    }
  }

  void startAt(LogEntry start) {
    if (started) {
      hasLeapt = true;
      dropped += start.mediaIndex() - Math.max(mediaPosition, countedTo);
      countedTo = start.mediaIndex();
    }
    position = Math.max(start.startSequence(), log.firstSequence());
    startSequence = start.sequence();
    mediaPosition = start.mediaIndex();
    gateMs = start.frame().dtsMs();
    pictureBegun = start.frame().track().isVideo();
    jumped = true;
  }

  void takePlaceOf(Cursor other) {
    position = other.position;
    startSequence = other.startSequence;
    mediaPosition = other.mediaPosition;
    gateMs = other.gateMs;
    pictureBegun = other.pictureBegun;
    jumped = other.jumped;
  }

  /** As if it had been at the head before: it may skip at once. */
  void mayJump() {
    caughtUp = true;
  }

  /**
   * The first entry that it still needs; {@link Long#MAX_VALUE} where none. One that was overrun
   * will jump, and needs nothing before that; with a delay it needs whatever is left.
   */
  long needsFrom() {
    if (position == NO_POSITION) {
      return Long.MAX_VALUE;
    }
    if (position < log.firstSequence()) {
      return delayMs > 0 ? log.firstSequence() : Long.MAX_VALUE;
    }
    return position;
  }

  private @Nullable LogEntry oldestNotYielded() {
    return position == NO_POSITION || position >= log.head()
        ? null
        : log.at(Math.max(position, log.firstSequence()));
  }

  private void skipIfLate(long nowMs) {
    if (position == NO_POSITION) {
      return;
    }
    if (position < log.firstSequence()) {
      LogEntry start = log.newestStartOrOldest(nowMs - delayMs);
      position = NO_POSITION;
      if (start != null) {
        skipTo(start);
      }
    } else if (caughtUp && lagMs(nowMs) > Math.max(LAG_BOUND_MS, log.groupMs())) {
      LogEntry due = log.newestStart(nowMs - delayMs);
      if (due != null && due.startSequence() > position) {
        skipTo(due);
      }
    }
  }

  private void skipTo(LogEntry start) {
    if (started) {
      skips++;
    }
    startAt(start);
    reader.jumped();
  }

  private void shortenWhenPossible(long nowMs) {
    if (wantedDelayMs >= delayMs) {
      return;
    }
    LogEntry due = log.newestStart(nowMs - wantedDelayMs);
    if (position == NO_POSITION || (due != null && due.startSequence() > position)) {
      delayMs = wantedDelayMs;
      if (due != null) {
        startAt(due);
        reader.jumped();
      }
    }
  }

  /**
   * A skip counts all before the start point as dropped; what is sent of it, or dropped behind it,
   * is put right here.
   */
  private void countAround(LogEntry entry, boolean wanted) {
    if (hasLeapt && wanted == entry.sequence() < startSequence) {
      dropped += wanted ? -1 : 1;
    }
  }

  private boolean isFromStartOn(long sequence, Predicate<Track> of, long picturesFrom) {
    Frame frame = log.at(sequence).frame();
    boolean from =
        frame.track().isAudio()
            ? frame.dtsMs() >= gateMs
            : sequence >= Math.max(startSequence, picturesFrom);
    return from && frame.isMedia() && of.test(frame.track());
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
    if (entry.sequence() < startSequence) {
      return false;
    }
    // A picture may come where there was only sound when this cursor began.
    pictureBegun |= frame.keyframe();
    return pictureBegun;
  }
}
