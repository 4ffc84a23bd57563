package manycast.media.rtmp.connection;

/** The codes with which a publish is refused, as they stand on the wire. */
public enum PublishRefusal {
  /** The key is held by another encoder. */
  BAD_NAME("NetStream.Publish.BadName"),
  /** The key is wrong, retired or disabled. */
  DENIED("NetStream.Publish.Denied"),
  /** The key is right, but this publish is not wanted now. */
  REJECTED("NetStream.Publish.Rejected");

  private final String code;

  PublishRefusal(String code) {
    this.code = code;
  }

  /** The code on the wire. */
  public String code() {
    return code;
  }
}
