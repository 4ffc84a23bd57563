package manycast.media.frame;

/** What a track carries. */
public enum TrackKind {
  VIDEO,
  AUDIO,
  /**
   * Script data that belongs to the broadcast and not to a picture or a sound: RTMP's {@code
   * onMetaData}.
   */
  DATA
}
