package manycast.media.hls;

import manycast.media.broadcast.BroadcastClaim;

/** Keeps the segments of broadcasts beyond what is watched of them. Safe from any thread. */
public interface Recorder {
  /** A broadcast begins here. */
  Recording begin(BroadcastClaim claim);
}
