package manycast.media.broadcast;

import io.netty.buffer.Unpooled;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;

/** Frames of tests: their payload says which they are. */
public final class Frames {
  private Frames() {}

  public static Frame keyframe(long dtsMs, int bytes) {
    return frame(Track.VIDEO, FrameKind.MEDIA, Codec.H264, dtsMs, true, bytes);
  }

  public static Frame inter(long dtsMs, int bytes) {
    return frame(Track.VIDEO, FrameKind.MEDIA, Codec.H264, dtsMs, false, bytes);
  }

  public static Frame audio(long dtsMs, int bytes) {
    return frame(Track.AUDIO, FrameKind.MEDIA, Codec.AAC, dtsMs, false, bytes);
  }

  /** Of another track than the default one. */
  public static Frame picture(int track, long dtsMs, boolean keyframe) {
    return frame(
        new Track(TrackKind.VIDEO, track), FrameKind.MEDIA, Codec.H264, dtsMs, keyframe, 1);
  }

  public static Frame videoConfig(long dtsMs, int bytes) {
    return frame(Track.VIDEO, FrameKind.CONFIG, Codec.H264, dtsMs, false, bytes);
  }

  /** What is said beside the config of the pictures. */
  public static Frame videoInfo(long dtsMs, int bytes) {
    return frame(Track.VIDEO, FrameKind.TRACK_INFO, Codec.H264, dtsMs, false, bytes);
  }

  public static Frame audioConfig(long dtsMs, int bytes) {
    return frame(Track.AUDIO, FrameKind.CONFIG, Codec.AAC, dtsMs, false, bytes);
  }

  public static Frame metadata(long dtsMs, int bytes) {
    return frame(Track.DATA, FrameKind.METADATA, Codec.AMF0, dtsMs, false, bytes);
  }

  private static Frame frame(
      Track track, FrameKind kind, Codec codec, long dtsMs, boolean keyframe, int bytes) {
    byte[] payload = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      payload[i] = (byte) (dtsMs * 31 + track.kind().index() * 7L + i);
    }
    return new Frame(
        track,
        kind,
        codec,
        dtsMs * 90,
        0,
        keyframe ? PictureType.KEY : PictureType.NONE,
        Unpooled.wrappedBuffer(payload));
  }
}
