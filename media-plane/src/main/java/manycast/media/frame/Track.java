package manycast.media.frame;

/**
 * One elementary stream of a broadcast.
 *
 * @param number the track number within its kind, 0 for the default track
 */
public record Track(TrackKind kind, int number) {
  /** Track numbers are below this: Enhanced RTMP has one byte for them. */
  public static final int NUMBERS = 256;

  public static final Track VIDEO = new Track(TrackKind.VIDEO, 0);
  public static final Track AUDIO = new Track(TrackKind.AUDIO, 0);
  public static final Track DATA = new Track(TrackKind.DATA, 0);

  public boolean isVideo() {
    return kind == TrackKind.VIDEO;
  }

  public boolean isAudio() {
    return kind == TrackKind.AUDIO;
  }

  /** A place in an array for each track that exists; small numbers for small track numbers. */
  public int slot() {
    return number * TrackKind.COUNT + kind.index();
  }
}
