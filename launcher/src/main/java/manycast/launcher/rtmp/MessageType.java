package manycast.launcher.rtmp;

/** The message types that we speak (RTMP 1.0 §5.4, §7.1). */
public enum MessageType {
  SET_CHUNK_SIZE(1),
  ABORT(2),
  ACKNOWLEDGEMENT(3),
  USER_CONTROL(4),
  WINDOW_ACKNOWLEDGEMENT_SIZE(5),
  SET_PEER_BANDWIDTH(6),
  AUDIO(8),
  VIDEO(9),
  DATA(18),
  COMMAND(20);

  private final int id;

  MessageType(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }

  static MessageType of(int id) throws RtmpException {
    for (MessageType type : values()) {
      if (type.id == id) {
        return type;
      }
    }
    throw new RtmpException(
        "message type %d: one of 1-6, 8, 9, 18, 20 is expected here".formatted(id));
  }

  /**
   * Whether it concerns the connection's framing and so travels on chunk stream 2, message stream 0
   * (§5.4).
   */
  boolean isControl() {
    return id <= SET_PEER_BANDWIDTH.id;
  }
}
