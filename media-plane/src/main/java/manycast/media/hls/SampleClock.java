package manycast.media.hls;

import manycast.media.hls.cmaf.TrackFormat;

/**
 * Decode times of one track in its timescale, made of the log's so that each sample begins just
 * where the one before it ends: times rounded to milliseconds would leave gaps between frames of
 * sound that players stall at.
 */
final class SampleClock {
  /** All times are so much later than the log's, so that no presentation time is negative. */
  private static final int START_SECONDS = 10;

  private static final int LOG_TIMESCALE = 90_000;

  private final int timescale;
  private final int sampleTicks;
  private long position;

  /** A clock at this decode time of the log. */
  SampleClock(TrackFormat track, long dts90k) {
    this.timescale = track.timescale();
    this.sampleTicks = track.sampleTicks();
    this.position = ticks(dts90k);
  }

  /** Where the sample begins that comes next, in ticks. */
  long position() {
    return position;
  }

  /**
   * How long the sample at {@link #position} lasts when the next one has this decode time: what its
   * codec says while that is right to within one sample, else what the times say, but at least one
   * tick.
   */
  long ticksUntil(long dts90k) {
    long between = ticks(dts90k) - position;
    return sampleTicks > 0 && Math.abs(between - sampleTicks) < sampleTicks
        ? sampleTicks
        : Math.max(1, between);
  }

  /** The sample at the position lasts so long. */
  void advance(long ticks) {
    position += ticks;
  }

  private long ticks(long dts90k) {
    return Math.floorDiv(dts90k * timescale + LOG_TIMESCALE / 2, LOG_TIMESCALE)
        + (long) START_SECONDS * timescale;
  }
}
