package manycast.media.broadcast;

import manycast.media.frame.Frame;

/**
 * Keeps out what an encoder that came back sends before it can be decoded: what comes after a gap
 * begins with a keyframe, and its sound with it.
 */
final class ReturnGate {
  /** Where no picture comes for so long, the encoder sends sound alone from now on. */
  private static final int SOUND_ALONE_AFTER_MS = 2_000;

  private boolean closed;
  private boolean pictureCame;
  private long closedAtMs;

  /** From now on a keyframe is waited for. */
  void close(long nowMs) {
    closed = true;
    pictureCame = false;
    closedAtMs = nowMs;
  }

  /** Whether this frame goes on; asked for every frame. */
  boolean lets(Frame frame, long nowMs) {
    if (!closed || !frame.isMedia()) {
      return true;
    }
    pictureCame |= frame.track().isVideo();
    closed = !frame.keyframe() && (pictureCame || nowMs - closedAtMs < SOUND_ALONE_AFTER_MS);
    return !closed;
  }
}
