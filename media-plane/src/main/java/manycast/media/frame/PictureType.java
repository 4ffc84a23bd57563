package manycast.media.frame;

/** What the encoder says of a picture; it leaves as it came. */
public enum PictureType {
  /** No picture: sound, a codec config, values. */
  NONE,
  /** Decoding can start here. */
  KEY,
  INTER,
  /** No other picture refers to it. */
  DISPOSABLE,
  /** A keyframe that a server made up (FLV §E.4.3.1); not trusted as a place to start. */
  GENERATED_KEY
}
