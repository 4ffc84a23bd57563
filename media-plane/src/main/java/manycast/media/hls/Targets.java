package manycast.media.hls;

import java.util.Arrays;
import java.util.List;
import manycast.media.frame.Frame;

/**
 * What a playlist promises of its segments and parts for as long as it lives (RFC 8216 §6.2.1).
 *
 * @param segmentSeconds no segment's duration, rounded, is longer; of one second each part is a
 *     segment, which is for media that need much room
 * @param partMs no part is longer, and only the last of a segment shorter than 85 % of it
 */
record Targets(int segmentSeconds, int partMs) {
  static final int PART_MS = 500;

  /** Pictures that last so long at most fill 85 % of half a second, however many it takes. */
  private static final int LONGEST_USUAL_PICTURE_MS = 75;

  /** A part of slower ones holds a whole number of them, and a little for clocks that waver. */
  private static final double ROOM_IN_PART = 1.05;

  static final int SHORTEST_SECONDS = 2;
  private static final int LONGEST_SECONDS = 10;

  /** Where the encoder's habits are not known yet. */
  private static final int USUAL_SECONDS = 4;

  /** Where the keyframes' distance is not known, to share out the first one's bytes. */
  private static final int USUAL_GROUP_MS = 2_000;

  /**
   * Three targets are listed at least (RFC 8216 §6.2.2), in four segments where they are a little
   * short, and one grows behind them.
   */
  private static final int TARGETS_HELD = 5;

  /** Fewer gaps between pictures do not tell in which of them the encoder has stood still. */
  private static final int ENOUGH_GAPS = 3;

  /**
   * What is known of an encoder apart from its first frames; 0 where it is not.
   *
   * @param groupMs the time between keyframes
   * @param frameRate pictures a second
   */
  record Encoder(long groupMs, double frameRate) {}

  /**
   * Targets for an encoder that began like this.
   *
   * @param first the first frames of a run, lent; the first picture is a keyframe
   */
  static Targets of(List<Frame> first, Encoder known, Room room) {
    List<Frame> pictures = first.stream().filter(frame -> frame.track().isVideo()).toList();
    long[] gaps = sortedGapsMs(pictures);
    long rate = bytesPerSecond(first, pictures, gaps, known.groupMs());
    return of(known.groupMs(), pictureMs(gaps, known.frameRate()), rate, room);
  }

  /**
   * Targets for an encoder of which this is known.
   *
   * @param groupMs 0 where it is not known
   * @param pictureMs how long a picture is shown; 0 where it is not known, or there is none
   * @param bytesPerSecond what its media take; 0 where it is not known
   */
  static Targets of(long groupMs, int pictureMs, long bytesPerSecond, Room room) {
    int partMs = partMs(pictureMs);
    long wished = groupMs == 0 ? USUAL_SECONDS : Math.round(groupMs / 1000.0);
    int shortest = Math.max(SHORTEST_SECONDS, (partMs + 999) / 1000);
    int seconds = (int) Math.min(LONGEST_SECONDS, Math.max(shortest, wished));
    while (seconds > room.leastSeconds()
        && seconds * bytesPerSecond * TARGETS_HELD > room.bytes()) {
      seconds--;
    }
    return new Targets(seconds, Math.min(partMs, seconds * 1000));
  }

  /** The same parts in segments as those of others. */
  Targets withSegmentsOf(Targets others) {
    return new Targets(others.segmentSeconds, Math.min(partMs, others.segmentSeconds * 1000));
  }

  private static int partMs(int pictureMs) {
    if (pictureMs <= LONGEST_USUAL_PICTURE_MS) {
      return PART_MS;
    }
    long pictures = Math.max(1, Math.round((double) PART_MS / pictureMs));
    return (int) Math.min(LONGEST_SECONDS * 1000L, Math.round(pictures * pictureMs * ROOM_IN_PART));
  }

  private static int pictureMs(long[] sortedGapsMs, double frameRate) {
    if (sortedGapsMs.length < ENOUGH_GAPS && frameRate > 0) {
      return (int) Math.round(1000 / frameRate);
    }
    // The median: of two in the middle the shorter one.
    return sortedGapsMs.length == 0 ? 0 : (int) sortedGapsMs[(sortedGapsMs.length - 1) / 2];
  }

  private static long bytesPerSecond(
      List<Frame> first, List<Frame> pictures, long[] sortedGapsMs, long groupMs) {
    // A keyframe has the bytes of many pictures, and comes once in a group.
    long keyframe = pictures.isEmpty() ? 0 : pictures.getFirst().payload().readableBytes();
    long others = bytes(pictures) - keyframe;
    long sound = bytes(first) - bytes(pictures);
    long allMs = Math.max(1, spanMs(first));
    long picturesMs = allMs;
    int gaps = sortedGapsMs.length;
    if (gaps >= ENOUGH_GAPS) {
      // That it stood still once says nothing of how much it sends.
      picturesMs = spanMs(pictures) - sortedGapsMs[gaps - 1] + sortedGapsMs[gaps - 2];
    }
    return others * 1000 / Math.max(1, picturesMs)
        + sound * 1000 / allMs
        + keyframe * 1000 / (groupMs == 0 ? USUAL_GROUP_MS : groupMs);
  }

  private static long[] sortedGapsMs(List<Frame> frames) {
    long[] gaps = new long[Math.max(0, frames.size() - 1)];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = frames.get(i + 1).dtsMs() - frames.get(i).dtsMs();
    }
    Arrays.sort(gaps);
    return gaps;
  }

  private static long bytes(List<Frame> frames) {
    return frames.stream().mapToLong(frame -> frame.payload().readableBytes()).sum();
  }

  private static long spanMs(List<Frame> frames) {
    return frames.getLast().dtsMs() - frames.getFirst().dtsMs();
  }

  /** Whether each part is a segment. */
  boolean areTight() {
    return segmentSeconds < SHORTEST_SECONDS;
  }

  /** How long a blocked request is held (HLS 2 §6.2.5.2). */
  int blockMs() {
    return segmentSeconds * 3000;
  }
}
