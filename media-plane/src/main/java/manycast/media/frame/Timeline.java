package manycast.media.frame;

import java.util.Arrays;

/**
 * Turns the message times of one RTMP connection into the broadcast's timeline: 32-bit wraps
 * undone, a high first time brought near 0, jumps bridged, DTS never decreasing within a track
 * (protocols: RTMP 1.0 §4).
 *
 * <p>A step back of more than a second within a track, or a forward jump of more than ten without
 * as much real time, is a new clock of the encoder: all tracks are re-based together, so that audio
 * and video keep their offset, however far apart they arrive. Smaller steps back are interleaving
 * noise and only held at the track's last time.
 */
public final class Timeline {
  private static final int BACKWARD_JUMP_MS = 1_000;
  private static final int FORWARD_JUMP_MS = 10_000;

  /** A clock that begins this low is taken as it is; a higher one begins here. */
  private static final int LOW_START_MS = 10_000;

  /**
   * Room below a re-based first message for a track whose first message comes later with an earlier
   * time.
   */
  private static final int ROOM_MS = 1_000;

  private static final int SLIGHTLY_NEGATIVE = 0x7FFF_FFFF - 60_000;

  private long[] lastMsOfTrack = new long[TrackKind.COUNT];
  private boolean goesOn;
  private boolean started;
  private boolean beganBelowZero;
  private int lastRaw;
  private long unwrapped;
  private long offset;
  private long highestMs;
  private long lastArrivalMs;
  private long corrections;
  private long jumps;

  /** A timeline that begins at 0. */
  public Timeline() {}

  /**
   * A timeline that goes on where an earlier connection's ended, as much later as no media came:
   * one offset for all tracks.
   *
   * @param lastMsOfEachTrack the last time of each track, at its {@link Track#slot}
   * @param lastMediaMs when media arrived last
   */
  public Timeline(long[] lastMsOfEachTrack, long lastMediaMs) {
    lastMsOfTrack = lastMsOfEachTrack.clone();
    for (long ms : lastMsOfTrack) {
      highestMs = Math.max(highestMs, ms);
    }
    lastArrivalMs = lastMediaMs;
    goesOn = true;
  }

  /**
   * The time of an access unit, in milliseconds, for a message with this 32-bit time that arrived
   * now.
   */
  public long mediaMs(Track track, int rawTimestamp, long nowMs) {
    int slot = slot(track);
    if (!started) {
      started = true;
      beganBelowZero = rawTimestamp >= SLIGHTLY_NEGATIVE;
      lastRaw = signed(rawTimestamp);
      unwrapped = beganBelowZero ? lastRaw : Integer.toUnsignedLong(lastRaw);
      offset = startMs(nowMs) - unwrapped;
    } else {
      int raw = signed(rawTimestamp);
      unwrapped += raw - lastRaw;
      lastRaw = raw;
      bridgeJump(lastMsOfTrack[slot], nowMs);
    }
    lastArrivalMs = nowMs;
    long ms = unwrapped + offset;
    long last = lastMsOfTrack[slot];
    if (ms < last) {
      corrections++;
      ms = last;
    }
    lastMsOfTrack[slot] = ms;
    highestMs = Math.max(highestMs, ms);
    return ms;
  }

  /** Where the first access unit stands. */
  private long startMs(long nowMs) {
    if (goesOn) {
      return highestMs + Math.max(1, nowMs - lastArrivalMs);
    }
    return unwrapped >= 0 && unwrapped < LOW_START_MS ? unwrapped : ROOM_MS;
  }

  /**
   * The time at which a codec config or metadata stands, whatever its message says: its track's
   * last one.
   */
  public long configMs(Track track) {
    if (track.kind() == TrackKind.DATA) {
      return highestMs;
    }
    int slot = slot(track); // which may replace the array
    return lastMsOfTrack[slot];
  }

  /** The latest time of all tracks. */
  public long highestMs() {
    return highestMs;
  }

  /** How many times had to be corrected because they stepped back or jumped. */
  public long corrections() {
    return corrections;
  }

  private int slot(Track track) {
    int slot = track.slot();
    if (slot >= lastMsOfTrack.length) {
      lastMsOfTrack = Arrays.copyOf(lastMsOfTrack, slot + 1);
    }
    return slot;
  }

  /** How many of them were jumps: a new clock of the encoder. */
  public long jumps() {
    return jumps;
  }

  /** A clock that begins a little below zero comes through FLV's 31 bits as almost 2^31. */
  private int signed(int rawTimestamp) {
    beganBelowZero &= rawTimestamp >= SLIGHTLY_NEGATIVE;
    return beganBelowZero ? rawTimestamp - Integer.MIN_VALUE : rawTimestamp;
  }

  private void bridgeJump(long lastOfTrackMs, long nowMs) {
    long ms = unwrapped + offset;
    long realMs = nowMs - lastArrivalMs;
    if (ms < lastOfTrackMs - BACKWARD_JUMP_MS || ms > highestMs + realMs + FORWARD_JUMP_MS) {
      offset = highestMs + Math.max(1, realMs) - unwrapped;
      corrections++;
      jumps++;
    }
  }
}
