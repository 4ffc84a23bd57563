package manycast.media.broadcast;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import manycast.media.frame.TrackKind;
import org.jspecify.annotations.Nullable;

/**
 * What every reader at one place in the log that is in step with it is to be sent next: the shared
 * wire images of the access units from there to the head, gathered once for all of them. It ends
 * before an entry that is not the same for all, such as a codec config. The log owns it, and it is
 * good until the log changes.
 */
public final class LogRun {
  /** What one reader is given in one turn, unless a single image is larger. */
  static final int MOST_BYTES = 256 << 10;

  /**
   * Enough for the gathering windows of fast streams; what does not fit comes with the next run.
   */
  private static final int MOST_IMAGES = 128;

  private static final TrackKind[] KINDS = TrackKind.values();

  private final BroadcastLog log;
  private final WireFormat format;
  private final @Nullable ByteBuf[] images = new @Nullable ByteBuf[MOST_IMAGES];
  private long from = -1;
  private long to;
  private long head;
  private int bytes;
  private long arrivalMs;
  private final long[] lastMs = new long[TrackKind.COUNT];
  private int filled;

  LogRun(BroadcastLog log, WireFormat format) {
    this.log = log;
    this.format = format;
  }

  /** Makes it begin at this entry, which is in the log; nothing to do where it does already. */
  void fill(long position) {
    if (position == from && head == log.head()) {
      return;
    }
    Arrays.fill(images, 0, count(), null);
    filled++;
    from = position;
    to = position;
    head = log.head();
    bytes = 0;
    while (to < head && add(log.at(to))) {
      to++;
    }
    for (TrackKind kind : KINDS) {
      lastMs[kind.index()] = log.lastMsBefore(to, kind);
    }
  }

  private boolean add(LogEntry entry) {
    if (!entry.frame().isMedia()
        || entry.previousMs() == LogEntry.NO_PREVIOUS
        || !format.isForAll(entry.frame())) {
      return false;
    }
    ByteBuf image = entry.image(format);
    int length = image.readableBytes();
    int count = count();
    if (count == MOST_IMAGES || (count > 0 && bytes + length > MOST_BYTES)) {
      return false;
    }
    if (count == 0) {
      arrivalMs = entry.arrivalMs();
    }
    images[count] = image;
    bytes += length;
    return true;
  }

  /** How many images it has; each is one access unit. */
  public int count() {
    return (int) (to - from);
  }

  /** Its images, lent: the first {@link #count} places. */
  public @Nullable ByteBuf[] images() {
    return images;
  }

  /** Another number for each content. */
  public int filled() {
    return filled;
  }

  /** How many bytes all its images have. */
  public int bytes() {
    return bytes;
  }

  /**
   * Decode time in milliseconds of the last entry of the default track of this kind up to its end.
   */
  public long lastMs(int kindIndex) {
    return lastMs[kindIndex];
  }

  /** When the first of its access units arrived, on the clock of the loop. */
  public long arrivalMs() {
    return arrivalMs;
  }

  /** The entry behind the last one in it. */
  long to() {
    return to;
  }

  /** Forgets its images, which the log is about to release. */
  void clear() {
    Arrays.fill(images, null);
    from = -1;
    to = -1;
  }
}
