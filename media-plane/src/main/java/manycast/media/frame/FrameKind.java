package manycast.media.frame;

/** What the payload of a frame is. */
public enum FrameKind {
  /** The codec config: what a decoder needs before the frames that follow. */
  CONFIG,
  /**
   * What an Enhanced RTMP tag says about one track beside its codec config: colours, the order of
   * channels. The payload is the whole tag.
   */
  TRACK_INFO,
  /** One access unit. */
  MEDIA,
  /** Values about the whole broadcast. */
  METADATA
}
