package manycast.media.rtmp.message;

import org.jspecify.annotations.Nullable;

/**
 * The message types that mean something to us, with their number on the wire (RTMP 1.0 §5.4, §7.1).
 */
public enum MessageType {
  SET_CHUNK_SIZE(1),
  ABORT(2),
  ACKNOWLEDGEMENT(3),
  USER_CONTROL(4),
  WINDOW_ACKNOWLEDGEMENT_SIZE(5),
  SET_PEER_BANDWIDTH(6),
  AUDIO(8),
  VIDEO(9),
  DATA_AMF3(15),
  COMMAND_AMF3(17),
  DATA(18),
  COMMAND(20),
  AGGREGATE(22);

  private static final @Nullable MessageType[] BY_ID = new MessageType[23];

  static {
    for (MessageType type : values()) {
      BY_ID[type.id] = type;
    }
  }

  private final int id;

  MessageType(int id) {
    this.id = id;
  }

  /** The number on the wire. */
  public int id() {
    return id;
  }

  /** The type with this number, or null for one that is to be ignored. */
  public static @Nullable MessageType of(int id) {
    return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
  }
}
