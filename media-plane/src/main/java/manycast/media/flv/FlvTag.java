package manycast.media.flv;

import io.netty.buffer.ByteBuf;

/**
 * One tag of an FLV file (FLV §E.4.1).
 *
 * @param type 8 audio, 9 video, 18 script data
 * @param timestampMs the DTS as it stands there, unsigned 32 bits
 * @param body owned by whoever holds this record
 */
public record FlvTag(int type, long timestampMs, ByteBuf body) {
  /** The type of audio tags. */
  public static final int AUDIO = 8;

  /** The type of video tags. */
  public static final int VIDEO = 9;

  /** The type of script data tags. */
  public static final int SCRIPT = 18;
}
