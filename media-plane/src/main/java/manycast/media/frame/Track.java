package manycast.media.frame;

/**
 * One elementary stream of a broadcast.
 *
 * @param number the track number within its kind, 0 for the default track
 */
public record Track(TrackKind kind, int number) {
  public static final Track VIDEO = new Track(TrackKind.VIDEO, 0);
  public static final Track AUDIO = new Track(TrackKind.AUDIO, 0);
  public static final Track DATA = new Track(TrackKind.DATA, 0);

  public boolean isVideo() {
    return kind == TrackKind.VIDEO;
  }

  public boolean isAudio() {
    return kind == TrackKind.AUDIO;
  }
}
