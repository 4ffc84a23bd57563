package manycast.media.hls;

/**
 * What a playlist promises of its segments and parts for as long as it lives (RFC 8216 §6.2.1).
 *
 * @param segmentSeconds no segment's duration, rounded, is longer
 * @param partMs no part is longer, and only the last of a segment shorter than 85 % of it
 */
record Targets(int segmentSeconds, int partMs) {
  static final int PART_MS = 500;
  private static final int SHORTEST_SECONDS = 2;
  private static final int LONGEST_SECONDS = 10;

  /** Where the encoder's habits are not known yet. */
  private static final int USUAL_SECONDS = 4;

  /** A playlist lists at least three segments (RFC 8216 §6.2.2), and one grows behind them. */
  private static final int SEGMENTS_HELD = 4;

  /**
   * Targets for an encoder with this time between keyframes.
   *
   * @param groupMs 0 where it is not known
   * @param bytesPerSecond what its media take; 0 where it is not known
   * @param bound how many bytes may be held at once
   */
  static Targets of(long groupMs, long bytesPerSecond, long bound) {
    int seconds =
        groupMs == 0
            ? USUAL_SECONDS
            : (int) Math.clamp(Math.round(groupMs / 1000.0), SHORTEST_SECONDS, LONGEST_SECONDS);
    while (seconds > SHORTEST_SECONDS && seconds * bytesPerSecond * SEGMENTS_HELD > bound) {
      seconds--;
    }
    return new Targets(seconds, PART_MS);
  }

  /** How long a blocked request is held (HLS 2 §6.2.5.2). */
  int blockMs() {
    return segmentSeconds * 3000;
  }
}
