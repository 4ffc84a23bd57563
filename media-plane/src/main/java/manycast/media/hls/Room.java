package manycast.media.hls;

/**
 * What the window of one broadcast has room for, which its segments are made to fit.
 *
 * @param bytes how many may be held at once
 * @param leastSeconds no target is made shorter than that, however little then fits
 * @param segmentBytes a segment is cut before it is larger by more than a part
 */
record Room(long bytes, int leastSeconds, long segmentBytes) {
  /** Of what is only watched: parts can be segments, so that a playlist lists enough of them. */
  static final Room WATCHED = new Room(Window.MOST_BYTES, 1, Window.MOST_BYTES / 4);

  /**
   * Of what is stored too. A segment is a file for ever: it begins with a keyframe where there is
   * one every two seconds, and playlists list fewer.
   */
  static final Room STORED =
      new Room(Window.MOST_BYTES, Targets.SHORTEST_SECONDS, Window.MOST_BYTES / 3);
}
