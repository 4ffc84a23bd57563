package manycast.media.codec.vp9;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import manycast.media.bytes.BitReader;
import manycast.media.bytes.ProtocolException;

/** The size that the head of a VP9 keyframe tells, since its config does not (VP9 §6.2). */
public record Vp9Keyframe(int width, int height) {
  private static final int HEAD_BYTES = 16;
  private static final int FRAME_MARKER = 2;
  private static final int SYNC_CODE = 0x49_83_42;
  private static final int SRGB = 7;

  /**
   * Reads the head of a frame; the buffer is lent and its indices stay as they are.
   *
   * @throws ProtocolException when this is no keyframe
   */
  public static Vp9Keyframe read(ByteBuf frame) throws ProtocolException {
    int length = Math.min(HEAD_BYTES, frame.readableBytes());
    BitReader in = new BitReader(ByteBufUtil.getBytes(frame, frame.readerIndex(), length));
    if (in.bits(2) != FRAME_MARKER) {
      throw new ProtocolException("no VP9 frame: it begins with the bits 10 (VP9 §6.2)");
    }
    int profile = (int) (in.bits(1) | in.bits(1) << 1);
    if (profile == 3) {
      in.skip(1);
    }
    // show_existing_frame, then frame_type, which is 0 for a keyframe
    if (in.bits(2) != 0) {
      throw new ProtocolException("no VP9 keyframe (VP9 §6.2)");
    }
    in.skip(2); // show_frame, error_resilient_mode
    if (in.bits(24) != SYNC_CODE) {
      throw new ProtocolException("no VP9 sync code (VP9 §6.2)");
    }
    if (profile >= 2) {
      in.skip(1); // ten_or_twelve_bit
    }
    boolean subsampled = profile == 1 || profile == 3;
    if (in.bits(3) == SRGB) {
      in.skip(subsampled ? 1 : 0);
    } else {
      in.skip(subsampled ? 4 : 1);
    }
    int width = (int) in.bits(16) + 1;
    return new Vp9Keyframe(width, (int) in.bits(16) + 1);
  }
}
