package manycast.media.broadcast;

import java.util.ArrayDeque;
import java.util.Iterator;
import manycast.media.frame.Frame;
import manycast.media.frame.Track;
import org.jspecify.annotations.Nullable;

/**
 * Where readers of one log may begin: the keyframes in it, or, where a broadcast has no pictures,
 * any sound. Decides what is one, oldest first. Belongs to the log's loop.
 */
final class StartPoints {
  /**
   * Without a keyframe for so long, a broadcast whose video has never shown itself is taken as
   * audio alone.
   */
  private static final int AUDIO_ONLY_AFTER_MS = 2_000;

  /** Pictures without a keyframe for so long deserve a word to the user. */
  private static final int NO_KEYFRAME_MS = 10_000;

  private final ArrayDeque<LogEntry> starts = new ArrayDeque<>();
  private int startTrack = Track.NUMBERS;
  private boolean videoAnnounced;
  private boolean pictureSeen;
  private long firstMediaMs = -1;
  private long noStartSinceMs;
  private long lastDtsMs = -1;
  private long groupMs;

  /** A track's config or the metadata came: whether there will be pictures is known by it. */
  void noteConfig(Track track) {
    videoAnnounced |= track.isVideo();
  }

  /** Whether readers may begin with this frame of media, which came last. */
  boolean isStart(Frame frame, long nowMs) {
    if (firstMediaMs < 0) {
      firstMediaMs = nowMs;
    }
    if (frame.track().isVideo()) {
      if (!pictureSeen) {
        starts.clear();
        noStartSinceMs = nowMs;
      }
      pictureSeen = true;
      // One track alone says where readers begin, or each GOP would have as many starts as tracks.
      startTrack = Math.min(startTrack, frame.track().number());
      boolean start = frame.keyframe() && frame.track().number() == startTrack;
      if (start) {
        noStartSinceMs = nowMs;
      }
      return start;
    }
    return frame.track().isAudio()
        && !videoAnnounced
        && !pictureSeen
        && nowMs - firstMediaMs >= AUDIO_ONLY_AFTER_MS;
  }

  /** Takes an entry that {@link #isStart} has said yes to. */
  void add(LogEntry start) {
    Frame frame = start.frame();
    starts.addLast(start);
    if (lastDtsMs >= 0 && frame.track().isVideo()) {
      groupMs = frame.dtsMs() - lastDtsMs;
    }
    lastDtsMs = frame.dtsMs();
  }

  /** The oldest entry of the log is gone from it. */
  void evicted(LogEntry entry) {
    if (starts.peekFirst() == entry) {
      starts.removeFirst();
    }
  }

  /** What came so far is no place to begin at any more. */
  void interrupt(long nowMs) {
    starts.clear();
    lastDtsMs = -1;
    noStartSinceMs = nowMs;
  }

  boolean isEmpty() {
    return starts.isEmpty();
  }

  boolean hasPictures() {
    return pictureSeen;
  }

  /** Milliseconds of media between the last two; 0 while there is one at most. */
  long groupMs() {
    return groupMs;
  }

  /** Whether there are pictures, and none of those in the log, or to come soon, is a keyframe. */
  boolean lacksKeyframe(long nowMs) {
    return pictureSeen && starts.isEmpty() && nowMs - noStartSinceMs > NO_KEYFRAME_MS;
  }

  @Nullable LogEntry newest() {
    return starts.peekLast();
  }

  @Nullable LogEntry oldest() {
    return starts.peekFirst();
  }

  /** The newest that had arrived by then, or null. */
  @Nullable LogEntry newest(long arrivedByMs) {
    LogEntry newest = starts.peekLast();
    if (newest == null || newest.arrivalMs() <= arrivedByMs) {
      return newest;
    }
    Iterator<LogEntry> backwards = starts.descendingIterator();
    while (backwards.hasNext()) {
      LogEntry start = backwards.next();
      if (start.arrivalMs() <= arrivedByMs) {
        return start;
      }
    }
    return null;
  }

  /** The newest that begins at or before this sequence, else the oldest, or null. */
  @Nullable LogEntry lastUpTo(long sequence) {
    LogEntry last = starts.peekFirst();
    for (LogEntry start : starts) {
      if (start.startSequence() <= sequence) {
        last = start;
      }
    }
    return last;
  }
}
