package manycast.media.broadcast;

import org.jspecify.annotations.Nullable;

/**
 * How much the bitrate of one track swings, second by second of its media. Whole windows of ten
 * seconds are judged, and of the last two the calmer one: what rises or falls once and stays there
 * does not swing.
 */
public final class SwingMeter {
  private static final int WINDOW_SECONDS = 10;
  private static final long NEVER = Long.MIN_VALUE;

  /**
   * One window.
   *
   * @param peakBps bits in its fullest second
   * @param meanBps bits a second over all of it
   */
  public record Swing(long peakBps, long meanBps) {
    private boolean calmerThan(Swing other) {
      // Compares peak / mean, without a division by the mean of a silent window.
      return (double) peakBps * other.meanBps < (double) other.peakBps * meanBps;
    }
  }

  private long second = NEVER;
  private boolean whole;
  private long secondBytes;
  private long windowBytes;
  private long fullestBytes;
  private int seconds;
  private @Nullable Swing last;
  private @Nullable Swing before;

  /** Counts a frame of this size; times never step back. */
  void add(int bytes, long mediaMs) {
    long now = Math.floorDiv(mediaMs, 1000);
    if (second == NEVER || now > second + 1) {
      // A pause is no part of a rate; and the second that anything begins in is not whole.
      restart();
      second = now;
    } else if (now > second) {
      close();
      second = now;
    }
    secondBytes += bytes;
  }

  private void close() {
    if (whole) {
      windowBytes += secondBytes;
      fullestBytes = Math.max(fullestBytes, secondBytes);
      seconds++;
    }
    whole = true;
    secondBytes = 0;
    if (seconds == WINDOW_SECONDS) {
      before = last;
      last = new Swing(fullestBytes * 8, windowBytes * 8 / WINDOW_SECONDS);
      windowBytes = 0;
      fullestBytes = 0;
      seconds = 0;
    }
  }

  /** Forgets everything. */
  void restart() {
    second = NEVER;
    whole = false;
    secondBytes = 0;
    windowBytes = 0;
    fullestBytes = 0;
    seconds = 0;
    last = null;
    before = null;
  }

  /** The calmer one of the last two windows; null before there are two. */
  @Nullable Swing swing() {
    if (last == null || before == null) {
      return null;
    }
    return last.calmerThan(before) ? last : before;
  }
}
