package manycast.media.broadcast;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Owned;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one broadcast in the order in which they came: appended at the head, read by any
 * number of {@link Cursor}s, evicted from the front. It owns every frame in it. Belongs to one
 * event loop; nothing here locks.
 *
 * <p>What is older than the newest start point goes as soon as every cursor has passed it; for a
 * cursor that lags it stays within {@link LogBounds}, which a cursor's delay raises by what came in
 * that time. Where the node's memory is scarce, lagging cursors lose what they have not read in
 * time; where it is full, the logs that hold more than their share lose their front. The codec
 * configs and metadata in force are kept beside it for as long as somebody could start with them.
 */
public class BroadcastLog {
  /**
   * Without any start point so much is kept, because audio belonging to the first keyframe may come
   * before it.
   */
  private static final int TAIL_MS = 2_000;

  /**
   * How late a cursor may be while memory is scarce: what came together is read together, readers
   * wait for one another's window, and a delayed one's timer may be a little late.
   */
  private static final int SCARCE_LATE_MS = 500;

  /**
   * So much before a keyframe is looked at for what belongs to it: a second and more of several
   * tracks. Without a bound, a publisher of keyframes alone would have the whole log walked for
   * each.
   */
  private static final int MOST_BEFORE_KEYFRAME = 512;

  private static final Cursor[] NO_CURSORS = {};

  private final MediaMemory memory;
  private final LogBounds bounds;
  private @Nullable LogEntry[] ring = new @Nullable LogEntry[256];
  private long first;
  private long next;
  private long bytes;
  private long mediaCount;
  private long payloadBytes;
  private Cursor[] cursors = NO_CURSORS;
  private final StartPoints starts = new StartPoints();
  private final LogConfigs configs = new LogConfigs();
  private final TrackCounts counts = new TrackCounts();
  private final @Nullable LogRun[] runs = new @Nullable LogRun[WireFormat.VARIANTS];
  private long[] lastMs = new long[TrackKind.COUNT];
  private long hardEvictions;
  private long scarceEvictions;
  private boolean closed;

  /** An empty log that counts its bytes in {@code memory}. */
  public BroadcastLog(MediaMemory memory, LogBounds bounds) {
    this.memory = memory;
    this.bounds = bounds;
    Arrays.fill(lastMs, LogEntry.NO_PREVIOUS);
    memory.logOpened();
  }

  /**
   * Puts a frame at the head. Nobody is told before {@link #offer}, so that what came together is
   * written together.
   */
  public void append(@Owned Frame frame, long nowMs) {
    if (closed) {
      frame.release();
      return;
    }
    int slot = slot(frame.track());
    LogEntry entry =
        new LogEntry(
            this, frame, next, mediaCount, counts.came(slot), payloadBytes, nowMs, lastMs[slot]);
    payloadBytes += entry.bytes();
    lastMs[slot] = frame.dtsMs();
    push(entry);
    bytes += entry.bytes();
    memory.add(entry.bytes());
    if (frame.isMedia()) {
      mediaCount++;
      counts.add(slot, frame);
      if (starts.isStart(frame, nowMs)) {
        becomeStart(entry);
      }
    } else {
      configs.add(entry);
      starts.noteConfig(frame.track());
    }
    evict(nowMs);
  }

  /** Tells every cursor that frames were appended; each reader writes what its channel takes. */
  public void offer(long nowMs) {
    for (Cursor cursor : cursors) {
      cursor.offer(nowMs);
    }
  }

  /**
   * A cursor for a reader that is to have everything from the next start point on, kept while it
   * connects.
   */
  public Cursor openAtFirstStart(CursorReader reader) {
    return open(reader, 0);
  }

  /**
   * A cursor that begins at the newest start point that is due by its delay; where none is, at the
   * oldest in the log, and where there is none either, at the next that comes.
   */
  public Cursor openAtNewestStart(CursorReader reader, int delayMs, long nowMs) {
    Cursor cursor = open(reader, delayMs);
    LogEntry start = newestStartOrOldest(nowMs - delayMs);
    if (start != null) {
      cursor.startAt(start);
    }
    return cursor;
  }

  /** A cursor at the place where another one is that has yielded nothing yet. */
  public Cursor openLike(Cursor other, CursorReader reader, int delayMs) {
    Cursor cursor = open(reader, delayMs);
    cursor.takePlaceOf(other);
    return cursor;
  }

  /**
   * A cursor for a reader that begins anew where another one is, at the start point before that
   * place. It may skip at once, and that is not counted.
   */
  public Cursor openBehind(Cursor other, CursorReader reader, int delayMs) {
    Cursor cursor = open(reader, delayMs);
    cursor.mayJump();
    LogEntry behind = other.hasPosition() ? starts.lastUpTo(other.position()) : null;
    if (behind != null) {
      cursor.startAt(behind);
    }
    return cursor;
  }

  /** A cursor without a start point that is parked until it goes on for others. */
  public Cursor openParked(CursorReader reader) {
    Cursor cursor = newCursor(reader, 0);
    cursor.park();
    return cursor;
  }

  /**
   * Whether the node has room for a reader so much later, at this rate of payload: for each byte
   * its wire image too.
   */
  public boolean hasRoomFor(int delayMs, long bytesPerSecond) {
    long moreMs = Math.max(0, delayMs - longestDelayMs());
    return memory.hasRoomFor(2 * bytesPerSecond * moreMs / 1000);
  }

  /** What came so far is no place to begin at any more: the encoder is gone, or is another one. */
  public void interrupt(long nowMs) {
    starts.interrupt(nowMs);
  }

  /** Whether pictures have come. */
  public boolean hasPictures() {
    return starts.hasPictures();
  }

  /** The last time of each track at its slot, in milliseconds. */
  public long[] lastMsOfTrack() {
    return Arrays.stream(lastMs).map(ms -> Math.max(0, ms)).toArray();
  }

  /** The bytes of the codec configs and metadata that hold for what comes next. */
  public Map<Track, byte[]> configsInForce() {
    return configs.bytesBefore(next);
  }

  /** The codec configs and metadata that hold just before this sequence, sound before pictures. */
  public void configsBefore(long sequence, List<LogEntry> into) {
    configs.before(sequence, into);
  }

  /** The codec configs and metadata of these tracks that hold just before this sequence. */
  public void configsBefore(long sequence, List<Track> tracks, List<LogEntry> into) {
    configs.before(sequence, tracks, into);
  }

  /** Whether a reader could begin now. */
  public boolean hasStart() {
    return !starts.isEmpty();
  }

  /** Releases everything; what is appended afterwards is dropped. */
  public void close() {
    if (!closed) {
      memory.logClosed();
    }
    closed = true;
    while (first < next) {
      evictFront();
    }
    configs.clear(this::releaseEntry);
    cursors = NO_CURSORS;
    for (LogRun run : runs) {
      if (run != null) {
        run.clear();
      }
    }
  }

  /** Bytes of the frames and images in it, and of what holds them. */
  public long bytes() {
    return bytes;
  }

  /** Sequence that the next appended entry gets. */
  public long head() {
    return next;
  }

  /**
   * Time between the last two start points, in milliseconds of media; 0 while there is one at most.
   */
  public long groupMs() {
    return starts.groupMs();
  }

  /** How many entries had to go from the front of a group because it was too large. */
  public long hardEvictions() {
    return hardEvictions;
  }

  /** How often the front of a group had to go because the node holds as much as it may. */
  public long scarceEvictions() {
    return scarceEvictions;
  }

  /**
   * Decode time in milliseconds of the last entry of the default track of this kind before a place
   * in the log, or {@link LogEntry#NO_PREVIOUS}.
   */
  public long lastMsBefore(long sequence, TrackKind kind) {
    for (long later = sequence; later < next; later++) {
      LogEntry entry = at(later);
      if (entry.frame().track().slot() == kind.index()) {
        return entry.previousMs();
      }
    }
    return lastMs[kind.index()];
  }

  /** How many access units of this track came before a place in the log, or before its front. */
  public long countBefore(long sequence, Track track) {
    int slot = track.slot();
    if (counts.came(slot) > 0) {
      for (long later = Math.max(sequence, first); later < next; later++) {
        LogEntry entry = at(later);
        if (entry.frame().track().slot() == slot) {
          return entry.trackIndex();
        }
      }
    }
    return counts.came(slot);
  }

  /** How many access units of this track came too early for whoever began at the first start. */
  public long countEarly(Track track) {
    return counts.early(track.slot());
  }

  /** The place in the log of what arrived at that time or later, or its head. */
  public long firstArrivedFrom(long arrivalMs) {
    long low = first;
    long high = next;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).arrivalMs() < arrivalMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether there are pictures, and none of those in the log, or to come soon, is a keyframe. */
  public boolean lacksKeyframe(long nowMs) {
    return starts.lacksKeyframe(nowMs);
  }

  /** The newest start point that had arrived by then, or null. */
  @Nullable LogEntry newestStart(long arrivedByMs) {
    return starts.newest(arrivedByMs);
  }

  /** The newest start point that had arrived by then, else the oldest in the log, or null. */
  @Nullable LogEntry newestStartOrOldest(long arrivedByMs) {
    LogEntry arrived = starts.newest(arrivedByMs);
    return arrived == null ? starts.oldest() : arrived;
  }

  /**
   * What a reader in step is sent from this entry on, or null where that is not the same for all.
   */
  @Nullable LogRun run(long position, WireFormat format) {
    LogRun run = runs[format.variant()];
    if (run == null) {
      run = new LogRun(this, format);
      runs[format.variant()] = run;
    }
    run.fill(position);
    return run.count() == 0 ? null : run;
  }

  long firstSequence() {
    return first;
  }

  LogEntry at(long sequence) {
    LogEntry entry = ring[(int) (sequence & (ring.length - 1))];
    if (entry == null || sequence < first || sequence >= next) {
      throw new IllegalStateException(
          "entry " + sequence + " is not in the log, which holds " + first + " to " + next);
    }
    return entry;
  }

  void imageMade(int imageBytes) {
    bytes += imageBytes;
    memory.add(imageBytes);
  }

  /** How many access units have come. */
  long mediaCount() {
    return mediaCount;
  }

  void add(Cursor cursor) {
    cursors = Arrays.copyOf(cursors, cursors.length + 1);
    cursors[cursors.length - 1] = cursor;
  }

  void remove(Cursor cursor) {
    int kept = 0;
    Cursor[] others = new Cursor[cursors.length];
    for (Cursor other : cursors) {
      if (other != cursor) {
        others[kept++] = other;
      }
    }
    cursors = Arrays.copyOf(others, kept);
  }

  /** A cursor of this log without a place. */
  Cursor newCursor(CursorReader reader, int delayMs) {
    return new Cursor(this, reader, delayMs);
  }

  private Cursor open(CursorReader reader, int delayMs) {
    Cursor cursor = newCursor(reader, delayMs);
    add(cursor);
    return cursor;
  }

  /** Its place in {@link #lastMs}, which grows with the tracks that come. */
  private int slot(Track track) {
    int slot = track.slot();
    if (slot >= lastMs.length) {
      int before = lastMs.length;
      lastMs = Arrays.copyOf(lastMs, slot + 1);
      Arrays.fill(lastMs, before, slot + 1, LogEntry.NO_PREVIOUS);
    }
    return slot;
  }

  private void push(LogEntry entry) {
    if (next - first == ring.length) {
      @Nullable LogEntry[] larger = new @Nullable LogEntry[ring.length * 2];
      for (long sequence = first; sequence < next; sequence++) {
        larger[(int) (sequence & (larger.length - 1))] = at(sequence);
      }
      ring = larger;
    }
    ring[(int) (next & (ring.length - 1))] = entry;
    next++;
  }

  private void becomeStart(LogEntry entry) {
    entry.markStart(entry.frame().track().isVideo() ? firstOfItsTime(entry) : entry.sequence());
    starts.add(entry);
    counts.begin(entry, () -> entriesBetween(entry.startSequence(), entry.sequence()));
    for (Cursor cursor : cursors) {
      cursor.startCame(entry);
    }
  }

  /**
   * The earliest of what came just before the keyframe and is not before it in time: sound, and the
   * pictures of other tracks.
   */
  private long firstOfItsTime(LogEntry keyframe) {
    long earliest = keyframe.sequence();
    long until = Math.max(first, keyframe.sequence() - MOST_BEFORE_KEYFRAME);
    for (long sequence = keyframe.sequence() - 1; sequence >= until; sequence--) {
      Frame frame = at(sequence).frame();
      if (!frame.isMedia() || frame.track().equals(keyframe.frame().track())) {
        continue;
      }
      if (frame.dtsMs() >= keyframe.frame().dtsMs()) {
        earliest = sequence;
      } else if (frame.track().isAudio()) {
        break;
      }
    }
    return earliest;
  }

  private Iterator<LogEntry> entriesBetween(long from, long to) {
    return LongStream.range(from, to).mapToObj(this::at).iterator();
  }

  private void evict(long nowMs) {
    LogEntry newest = starts.newest();
    long keepFrom = newest == null ? firstArrivedFrom(nowMs - TAIL_MS) : newest.startSequence();
    if (first < keepFrom) {
      long needed = keepFrom;
      for (Cursor cursor : cursors) {
        needed = Math.min(needed, cursor.needsFrom());
      }
      while (first < needed) {
        evictFront();
      }
      while (first < keepFrom && !isFrontKept(nowMs)) {
        evictFront();
      }
    }
    while (first < next - 1 && isTooLarge(nowMs)) {
      if (memory.isFull()) {
        scarceEvictions++;
      } else {
        hardEvictions++;
      }
      evictFront();
    }
  }

  /** Whether any cursor that needs the oldest entry may still have it. */
  private boolean isFrontKept(long nowMs) {
    long age = nowMs - at(first).arrivalMs();
    boolean full = memory.isFull();
    boolean scarce = memory.isScarce();
    for (Cursor cursor : cursors) {
      int delay = cursor.delayMs();
      if (cursor.needsFrom() > first) {
        continue;
      }
      if (scarce
          ? age <= (full ? 0 : delay) + SCARCE_LATE_MS
          : age <= delay + bounds.laggingMs()
              && (bytes <= bounds.laggingBytes()
                  || bytes <= bounds.laggingBytes() + heldForDelay(delay, nowMs))) {
        return true;
      }
    }
    return false;
  }

  private boolean isTooLarge(long nowMs) {
    if (memory.isFull() && bytes > memory.shareOfOneLog()) {
      return true;
    }
    long age = nowMs - at(first).arrivalMs();
    if (age <= bounds.hardMs() && bytes <= bounds.hardBytes()) {
      return false;
    }
    int delay = longestDelayMs();
    return age > bounds.hardMs() + delay || bytes > bounds.hardBytes() + heldForDelay(delay, nowMs);
  }

  /** What came within this delay, and as much for the wire images of it. */
  private long heldForDelay(int delayMs, long nowMs) {
    if (delayMs == 0) {
      return 0;
    }
    long from = firstArrivedFrom(nowMs - delayMs);
    return from == next ? 0 : 2 * (payloadBytes - at(from).bytesBefore());
  }

  private int longestDelayMs() {
    int longest = 0;
    for (Cursor cursor : cursors) {
      longest = Math.max(longest, cursor.delayMs());
    }
    return longest;
  }

  private void evictFront() {
    LogEntry entry = at(first);
    ring[(int) (first & (ring.length - 1))] = null;
    first++;
    starts.evicted(entry);
    if (entry.frame().kind() == FrameKind.MEDIA) {
      releaseEntry(entry);
    } else {
      configs.left(entry, this::releaseEntry);
    }
  }

  private void releaseEntry(LogEntry entry) {
    bytes -= entry.bytes();
    memory.release(entry.bytes());
    entry.release();
  }
}
