package manycast.media.hls;

import org.jspecify.annotations.Nullable;

/**
 * What the playlists of one broadcast promise now. Nothing of it changes while a player can have a
 * playlist of before: whoever does not ask for as long as what is listed lasts has let go of it.
 * Belongs to the broadcast's loop.
 */
final class Promise {
  private final boolean stored;
  private @Nullable Targets targets;
  private boolean given;
  private long heardOfMs;

  /**
   * Nothing is promised yet.
   *
   * @param stored whether the segments are in a playlist of a store too, whose TARGETDURATION is
   *     written once
   */
  Promise(boolean stored) {
    this.stored = stored;
  }

  /** What is promised, or null before the first run. */
  @Nullable Targets now() {
    return targets;
  }

  /** Somebody asks for a playlist or for media. */
  void asked(long nowMs) {
    given &= isRecent(nowMs);
    heardOfMs = nowMs;
  }

  /** A player gets a playlist. */
  void given(long nowMs) {
    given = true;
    heardOfMs = nowMs;
  }

  /**
   * A run begins.
   *
   * @param wished what would be best for it
   * @return what holds for it
   */
  Targets forRun(Targets wished, long nowMs) {
    Targets before = targets;
    if (before == null) {
      targets = wished;
      return wished;
    }
    if (given && isRecent(nowMs)) {
      return before;
    }
    Targets chosen = stored ? wished.withSegmentsOf(before) : wished;
    targets = chosen;
    return chosen;
  }

  private boolean isRecent(long nowMs) {
    Targets promised = targets;
    return promised != null && nowMs - heardOfMs <= Window.listedMs(promised);
  }
}
