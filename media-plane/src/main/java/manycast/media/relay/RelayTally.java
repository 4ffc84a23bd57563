package manycast.media.relay;

import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * What one relay has sent, dropped and skipped of its broadcast in all: over all its connections
 * and places in the log, and what another process did before. Belongs to the broadcast's loop.
 */
final class RelayTally {
  private long bytes;
  private long frames;
  private long dropped;
  private int skips;
  private final int reconnectsBefore;
  private final DueFrames due;

  RelayTally(RelayTotals before, BroadcastLog log) {
    this.bytes = before.bytesSent();
    this.frames = before.framesSent();
    this.dropped = before.framesDropped();
    this.skips = before.skips();
    this.reconnectsBefore = before.reconnects();
    this.due = new DueFrames(log, before.framesDue());
  }

  /** A connection is over. */
  void add(RelayConnection over) {
    bytes += over.bytesAccepted();
    frames += over.framesSent();
    if (over.isPublishing()) {
      due.left(over);
    }
  }

  /** A place in the log is given up. */
  void add(Cursor closed) {
    dropped += closed.dropped();
    skips += closed.skips();
  }

  /** What it was to send. */
  DueFrames due() {
    return due;
  }

  long bytes(@Nullable RelayConnection current) {
    return bytes + (current == null ? 0 : current.bytesAccepted());
  }

  long frames(@Nullable RelayConnection current) {
    return frames + (current == null ? 0 : current.framesSent());
  }

  long dropped(@Nullable Cursor place) {
    return dropped + (place == null ? 0 : place.dropped());
  }

  int skips(@Nullable Cursor place) {
    return skips + (place == null ? 0 : place.skips());
  }

  /**
   * @param now those of this process
   */
  int reconnects(int now) {
    return reconnectsBefore + now;
  }
}
