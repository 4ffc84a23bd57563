package manycast.media.ingest;

import java.util.Arrays;
import manycast.media.frame.TrackKind;

/**
 * Watches how far apart the times of sound and pictures are that arrive together: players that
 * buffer less than that show one without the other. Belongs to the connection's loop.
 */
final class TrackSkew {
  private static final int APART_MS = 1_000;
  private static final int LASTING_MS = 5_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final long[] lastMs = new long[TrackKind.COUNT];
  private final long[] arrivedMs = new long[TrackKind.COUNT];
  private long apartSinceMs = NEVER;

  TrackSkew() {
    Arrays.fill(arrivedMs, NEVER);
  }

  /**
   * Notes an access unit of sound or pictures.
   *
   * @return whether the two have been more than a second apart for five seconds
   */
  boolean note(TrackKind kind, long ms, long nowMs) {
    lastMs[kind.index()] = ms;
    arrivedMs[kind.index()] = nowMs;
    int other = (kind == TrackKind.VIDEO ? TrackKind.AUDIO : TrackKind.VIDEO).index();
    // A track that pauses is not late.
    boolean bothRun = arrivedMs[other] != NEVER && nowMs - arrivedMs[other] < APART_MS;
    if (!bothRun || Math.abs(ms - lastMs[other]) <= APART_MS) {
      apartSinceMs = NEVER;
      return false;
    }
    if (apartSinceMs == NEVER) {
      apartSinceMs = nowMs;
    }
    return nowMs - apartSinceMs >= LASTING_MS;
  }
}
