package manycast.media.frame;

/** What the payload of a frame is. */
public enum FrameKind {
  /** The codec config: what a decoder needs before the frames that follow. */
  CONFIG,
  /** One access unit. */
  MEDIA,
  /** Values about the whole broadcast. */
  METADATA
}
