package manycast.media.frame;

/** What a track carries. */
public enum TrackKind {
  VIDEO(0),
  AUDIO(1),
  /**
   * Script data that belongs to the broadcast and not to a picture or a sound: RTMP's {@code
   * onMetaData}.
   */
  DATA(2);

  /** How many kinds there are: the length of an array with a place for each. */
  public static final int COUNT = 3;

  private final int index;

  TrackKind(int index) {
    this.index = index;
  }

  /** The kind's place in such an array. */
  public int index() {
    return index;
  }
}
