package manycast.media.frame;

import org.jspecify.annotations.Nullable;

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

  /**
   * Readers compare the tracks of every frame; a record's own way goes through method handles,
   * which the quick compiler does not see through: it cost a hundredth of a node's time.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Track track && track.kind == kind && track.number == number;
  }

  @Override
  public int hashCode() {
    return slot();
  }

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
