package manycast.media.frame;

/** How a track is coded. */
public enum Codec {
  H264("H.264"),
  AAC("AAC"),
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
}
