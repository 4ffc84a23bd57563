package manycast.launcher.demo;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * One frame of the sample: an RTMP message body, tag header included, and when it is due. The bytes
 * are shared.
 */
public final class MediaFrame {
  /** Which of the two tracks. */
  public enum Kind {
    VIDEO,
    AUDIO
  }

  private final Kind kind;
  private final long dtsMs;
  private final boolean keyframe;
  private final byte[] body;

  MediaFrame(Kind kind, long dtsMs, boolean keyframe, byte[] body) {
    this.kind = kind;
    this.dtsMs = dtsMs;
    this.keyframe = keyframe;
    this.body = body;
  }

  /** The same bytes at another time. */
  MediaFrame later(long byMs) {
    return new MediaFrame(kind, dtsMs + byMs, keyframe, body);
  }

  public Kind kind() {
    return kind;
  }

  public long dtsMs() {
    return dtsMs;
  }

  public boolean keyframe() {
    return keyframe;
  }

  public byte[] body() {
    return body;
  }

  boolean hasBody(byte[] other) {
    return Arrays.equals(body, other);
  }

  /** Size and checksum of a body, to name it by. */
  static String describe(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return "%d bytes, crc %08x".formatted(body.length, crc.getValue());
  }
}
