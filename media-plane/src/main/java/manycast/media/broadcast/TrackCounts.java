package manycast.media.broadcast;

import java.util.Arrays;
import manycast.media.frame.Frame;
import manycast.media.frame.TrackKind;

/**
 * How many access units of each track came to a log, and how many of them came too early for
 * anybody: a reader that is there from the first start point on is yielded all but those. Tracks
 * are named by their slots. Belongs to the log's loop.
 */
final class TrackCounts {
  private long[] came = new long[TrackKind.COUNT];
  private long[] early = new long[TrackKind.COUNT];
  private boolean begun;
  private boolean pictureBegun;
  private long beganMs;

  long came(int slot) {
    return slot < came.length ? came[slot] : 0;
  }

  long early(int slot) {
    return slot < came.length ? (begun ? early : came)[slot] : 0;
  }

  /** An access unit came. */
  void add(int slot, Frame frame) {
    if (slot >= came.length) {
      came = Arrays.copyOf(came, slot + 1);
      early = Arrays.copyOf(early, slot + 1);
    }
    came[slot]++;
    if (begun && isEarly(frame)) {
      early[slot]++;
    }
  }

  /** The access unit that came last is the first start point; only the first call counts. */
  void begin(LogEntry start, Iterable<LogEntry> justBefore) {
    if (begun) {
      return;
    }
    begun = true;
    beganMs = start.frame().dtsMs();
    pictureBegun = start.frame().track().isVideo();
    early = came.clone();
    early[start.frame().track().slot()]--;
    for (LogEntry entry : justBefore) {
      Frame frame = entry.frame();
      if (frame.isMedia() && frame.track().isAudio() && !isEarly(frame)) {
        early[frame.track().slot()]--;
      }
    }
  }

  /** As a cursor decides it that began at the first start point. */
  private boolean isEarly(Frame frame) {
    if (frame.track().isAudio()) {
      return frame.dtsMs() < beganMs;
    }
    pictureBegun |= frame.keyframe();
    return !pictureBegun;
  }
}
