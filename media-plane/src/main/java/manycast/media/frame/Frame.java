package manycast.media.frame;

import io.netty.buffer.ByteBuf;

/**
 * One access unit, codec config or set of metadata on the timeline of its broadcast. The payload is
 * what lies in an RTMP message after the tag header: length-prefixed NAL units, raw AAC, a decoder
 * configuration record, AMF0 values. Whoever owns the frame owns one count of the payload.
 *
 * @param dts90k decode time in 1/90000 s on the broadcast's timeline, which starts at 0; never
 *     decreasing within a track
 * @param compositionOffset90k presentation time minus decode time, in 1/90000 s; may be negative
 * @param keyframe decoding can start here; false for everything that is no video access unit
 * @param disposable no other picture refers to this one, as the encoder says
 */
public record Frame(
    Track track,
    FrameKind kind,
    Codec codec,
    long dts90k,
    int compositionOffset90k,
    boolean keyframe,
    boolean disposable,
    ByteBuf payload) {

  /**
   * Decode time in milliseconds: rounded here, so that differences are taken between rounded times.
   */
  public long dtsMs() {
    return Math.floorDiv(dts90k + 45, 90);
  }

  public int compositionOffsetMs() {
    return Math.floorDiv(compositionOffset90k + 45, 90);
  }

  public boolean isMedia() {
    return kind == FrameKind.MEDIA;
  }

  /** Gives back the owner's count. */
  public void release() {
    payload.release();
  }
}
