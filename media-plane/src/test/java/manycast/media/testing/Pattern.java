package manycast.media.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import manycast.media.flv.FlvTag;
import manycast.media.testing.StrictChunkReader.Message;

/**
 * Tags of a stream at any bitrate, 30 pictures and some 47 sounds a second. Each names its own time
 * in its payload, so that whatever becomes of it on its way can be told.
 */
public final class Pattern {
  private static final int AUDIO_BYTES = 200;
  private static final int FRAME_MS = 33;
  private static final int SOUND_MS = 21;
  private static final byte[] SOUND_CONFIG = {(byte) 0xAF, 0, 0x11, (byte) 0x90};

  /** A parameter set of 320 × 180 would need a real encoder: what nobody decodes may be short. */
  private static final byte[] PICTURE_CONFIG = {0x17, 0, 0, 0, 0, 1, 66, 0, 30, -1, -32, 0};

  private final int pictureBytes;
  private final int groupMs;

  /** Pictures of this size, one in {@code groupMs} a keyframe. */
  public Pattern(int pictureBytes, int groupMs) {
    this.pictureBytes = pictureBytes;
    this.groupMs = groupMs;
  }

  /** Bytes of media a second. */
  public int bytesPerSecond() {
    return pictureBytes * 1000 / FRAME_MS + AUDIO_BYTES * 1000 / SOUND_MS;
  }

  /** The codec configs, to be sent once. */
  public static List<Clip.Tag> configs() {
    return List.of(
        new Clip.Tag(FlvTag.AUDIO, 0, SOUND_CONFIG), new Clip.Tag(FlvTag.VIDEO, 0, PICTURE_CONFIG));
  }

  /** All that is due from one time to just before another. */
  public List<Clip.Tag> tags(int fromMs, int toMs) {
    List<Clip.Tag> tags = new ArrayList<>();
    int group = Math.max(1, groupMs / FRAME_MS);
    for (int ms = fromMs; ms < toMs; ms++) {
      if (ms % FRAME_MS == 0) {
        boolean keyframe = ms / FRAME_MS % group == 0;
        byte[] header = {(byte) (keyframe ? 0x17 : 0x27), 1, 0, 0, 0};
        tags.add(tag(FlvTag.VIDEO, ms, header, pictureBytes));
      }
      if (ms % SOUND_MS == 0) {
        tags.add(tag(FlvTag.AUDIO, ms, new byte[] {(byte) 0xAF, 1}, AUDIO_BYTES));
      }
    }
    return tags;
  }

  private static Clip.Tag tag(int type, int ms, byte[] header, int bytes) {
    ByteBuffer body = ByteBuffer.allocate(header.length + bytes).put(header);
    body.putInt(bytes - 4).put((byte) 0x65).putInt(ms);
    return new Clip.Tag(type, ms, body.array());
  }

  /** The time at which a message was sent by the encoder. */
  public static int timeOf(Message message) {
    return ByteBuffer.wrap(message.body()).getInt((message.type() == FlvTag.VIDEO ? 5 : 2) + 5);
  }

  /** Whether a message is an access unit. */
  public static boolean isMedia(Message message) {
    return message.type() != FlvTag.SCRIPT && message.body()[1] == 1;
  }

  /** Whether a message is a picture that decoding can start at. */
  public static boolean isKeyframe(Message message) {
    return message.type() == FlvTag.VIDEO && isMedia(message) && message.body()[0] == 0x17;
  }
}
