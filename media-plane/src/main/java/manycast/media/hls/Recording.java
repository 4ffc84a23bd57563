package manycast.media.hls;

import manycast.media.frame.Owned;

/** What is kept of one broadcast. Called on its loop: returns at once, and never throws. */
public interface Recording {
  /** The next segment. */
  void add(@Owned RecordedSegment segment);

  /** The last segment has come. */
  void end();
}
