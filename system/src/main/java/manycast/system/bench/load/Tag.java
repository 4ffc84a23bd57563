package manycast.system.bench.load;

import java.util.zip.CRC32C;

/**
 * One FLV tag's body, which is an RTMP message's body too.
 *
 * @param type 8 audio, 9 video, 18 metadata
 * @param crc see {@link #crc(int, byte[], int)}
 */
record Tag(int type, int timeMs, byte[] body, int crc) {
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int METADATA = 18;

  /**
   * The bytes of a picture that its CRC leaves out, frame type to composition time: a server may
   * write them anew.
   */
  static final int VIDEO_HEAD = 5;

  private static final int CODED = 1;

  static Tag of(int type, int timeMs, byte[] body) {
    return new Tag(type, timeMs, body, crc(type, body, body.length));
  }

  /** CRC-32C of a body, its head left out when it is a picture. */
  static int crc(int type, byte[] body, int length) {
    CRC32C crc = new CRC32C();
    int head = type == VIDEO ? Math.min(VIDEO_HEAD, length) : 0;
    crc.update(body, head, length - head);
    return (int) crc.getValue();
  }

  /** Whether it is media, not a codec config or metadata. */
  boolean isCoded() {
    return type != METADATA && body.length > 1 && body[1] == CODED;
  }

  boolean isPicture() {
    return type == VIDEO && isCoded();
  }
}
