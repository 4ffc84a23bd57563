package manycast.media.frame;

/** How a track is coded. */
public enum Codec {
  H264("H.264"),
  HEVC("HEVC"),
  VVC("VVC"),
  AV1("AV1"),
  VP9("VP9"),
  VP8("VP8"),
  AAC("AAC"),
  OPUS("Opus"),
  FLAC("FLAC"),
  AC3("AC-3"),
  EAC3("E-AC-3"),
  MP3("MP3"),
  /** Pictures in a codec that we have no name for; their payload is the whole tag. */
  OTHER_VIDEO("unknown"),
  /** Sound in a codec that we have no name for; its payload is the whole tag. */
  OTHER_AUDIO("unknown"),
  /** AMF0 values: the metadata of a broadcast. */
  AMF0("AMF0");

  private final String label;

  Codec(String label) {
    this.label = label;
  }

  /** The name that people read. */
  public String label() {
    return label;
  }

  /** Whether an access unit is a row of NAL units, so that its tag tells a composition offset. */
  public boolean hasCompositionOffset() {
    return this == H264 || this == HEVC || this == VVC;
  }
}
