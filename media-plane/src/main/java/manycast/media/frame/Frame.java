package manycast.media.frame;

import io.netty.buffer.ByteBuf;

/**
 * One access unit, codec config or set of values on the timeline of its broadcast. The payload is
 * what lies in an RTMP message after the tag header: length-prefixed NAL units, OBUs, raw AAC, a
 * decoder configuration record, AMF0 values. Whoever owns the frame owns one count of the payload.
 *
 * @param dts90k decode time in 1/90000 s on the broadcast's timeline, which starts at 0; never
 *     decreasing within a track
 * @param compositionOffset90k presentation time minus decode time, in 1/90000 s; may be negative
 * @param picture what the encoder says of a video access unit; {@code NONE} for everything else
 * @param wholeTag the payload begins with its tag header and leaves as it is, because we don't know
 *     how to write that header anew
 */
public record Frame(
    Track track,
    FrameKind kind,
    Codec codec,
    long dts90k,
    int compositionOffset90k,
    PictureType picture,
    boolean wholeTag,
    ByteBuf payload) {

  /** An access unit or config behind its tag header. */
  public Frame(
      Track track,
      FrameKind kind,
      Codec codec,
      long dts90k,
      int compositionOffset90k,
      PictureType picture,
      ByteBuf payload) {
    this(track, kind, codec, dts90k, compositionOffset90k, picture, false, payload);
  }

  /**
   * Decode time in milliseconds: rounded here, so that differences are taken between rounded times.
   */
  public long dtsMs() {
    return Math.floorDiv(dts90k + 45, 90);
  }

  /**
   * The composition offset in whole milliseconds, rounded down: what an encoder adds in nanoseconds
   * does not change the offset that it wrote.
   */
  public int compositionOffsetMs() {
    return Math.floorDiv(compositionOffset90k, 90);
  }

  /** Decoding can start here; false for everything that is no video access unit. */
  public boolean keyframe() {
    return picture == PictureType.KEY;
  }

  public boolean isMedia() {
    return kind == FrameKind.MEDIA;
  }

  /** Gives back the owner's count. */
  public void release() {
    payload.release();
  }
}
