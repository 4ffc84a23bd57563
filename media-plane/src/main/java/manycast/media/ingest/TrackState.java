package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import manycast.media.frame.Codec;
import manycast.media.frame.Track;
import org.jspecify.annotations.Nullable;

/** What the ingest remembers of one track of one connection. Belongs to the connection's loop. */
final class TrackState {
  private final Track track;
  private @Nullable Codec codec;
  private byte @Nullable [] config;
  private byte @Nullable [] info;
  private boolean describedByFrame;

  TrackState(Track track) {
    this.track = track;
  }

  Track track() {
    return track;
  }

  /** The codec of its last config or access unit, or null. */
  @Nullable Codec codec() {
    return codec;
  }

  /** Its last config, or null. */
  byte @Nullable [] config() {
    return config;
  }

  /** A config that holds since an earlier connection; its codec is told when it is repeated. */
  void restore(byte[] inForce) {
    config = inForce;
  }

  /** Keeps a config and answers whether it is another one: some encoders repeat theirs. */
  boolean isNewConfig(Codec ofCodec, ByteBuf bytes) {
    byte[] copy = ByteBufUtil.getBytes(bytes);
    boolean sameCodec = codec == null || ofCodec == codec;
    codec = ofCodec;
    if (sameCodec && Arrays.equals(copy, config)) {
      return false;
    }
    config = copy;
    info = null;
    describedByFrame = false;
    return true;
  }

  /** Whether something else than this holds beside the config. */
  boolean isNewInfo(byte[] said) {
    return !Arrays.equals(said, info);
  }

  /** This holds beside the config. */
  void keepInfo(byte[] said) {
    info = said;
  }

  /**
   * Whether this access unit is the first that can describe the track: of a codec without a config,
   * or the first keyframe behind a config.
   */
  boolean isFirstToDescribe(Codec ofCodec, boolean keyframe) {
    if (codec == null) {
      codec = ofCodec; // it may go on with a config that holds already
    } else if (ofCodec != codec) {
      codec = ofCodec;
      config = null;
      describedByFrame = false;
    }
    boolean first = !describedByFrame && (track.isAudio() || keyframe);
    describedByFrame |= first;
    return first;
  }
}
