package manycast.media.hls.cmaf;

import java.util.List;

/**
 * Consecutive samples of one track in a fragment.
 *
 * @param decodeTime of the first one, in the track's timescale
 */
public record TrackRun(TrackFormat track, long decodeTime, List<Sample> samples) {
  int payloadBytes() {
    int bytes = 0;
    for (Sample sample : samples) {
      bytes += sample.payload().readableBytes();
    }
    return bytes;
  }
}
