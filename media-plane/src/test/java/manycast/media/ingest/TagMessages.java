package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import manycast.media.frame.Track;

/**
 * A publisher's audio and video messages, given as bytes: each is a type, a time, a length and a
 * body. What is made of them is checked and let go of.
 */
public final class TagMessages {
  private static final int HEAD = 7;

  private final RtmpFrames frames = new RtmpFrames();
  private final Map<Track, Long> lastDts = new HashMap<>();

  /**
   * Takes all messages in turn.
   *
   * @throws AssertionError when a body is kept, or a track's time runs backwards
   */
  public void take(byte[] messages) {
    ByteBuf in = Unpooled.wrappedBuffer(messages);
    long nowMs = 0;
    while (in.readableBytes() >= HEAD) {
      boolean video = (in.readByte() & 1) == 1;
      long timestamp = in.readUnsignedInt();
      int length = Math.min(in.readUnsignedShort(), in.readableBytes());
      ByteBuf body = Unpooled.buffer(Math.max(1, length)).writeBytes(in, length);
      nowMs += 20;
      try {
        check(
            video
                ? frames.video(timestamp, body.retain(), nowMs)
                : frames.audio(timestamp, body.retain(), nowMs));
      } catch (ProtocolException refused) {
        if (String.valueOf(refused.getMessage()).isBlank()) {
          throw new AssertionError("refused without a word", refused);
        }
      }
      if (body.refCnt() != 1) {
        throw new AssertionError("a body of " + length + " bytes is counted " + body.refCnt());
      }
      body.release();
    }
  }

  private void check(Taken taken) {
    switch (taken) {
      case Taken.FrameTaken(Frame frame) -> check(frame);
      case Taken.ConfigTaken(Frame frame, var _) -> check(frame);
      case Taken.Several several -> several.each().forEach(this::check);
      case Taken.Nothing _, Taken.NotCarried _, Taken.Refused _ -> {}
    }
  }

  private void check(@Owned Frame frame) {
    Frame metadata = frames.missingMetadata(frame, "fuzz");
    if (metadata != null) {
      metadata.release();
    }
    Long before = lastDts.put(frame.track(), frame.dts90k());
    frame.release();
    if (before != null && before > frame.dts90k()) {
      throw new AssertionError(
          "%s went back from %d to %d".formatted(frame.track(), before, frame.dts90k()));
    }
  }
}
