package manycast.media.hls;

import java.util.ArrayList;
import java.util.List;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import org.jspecify.annotations.Nullable;

/**
 * The first frames of a run, held until it can be told which tracks it has. Belongs to the
 * broadcast's loop.
 */
final class Opening {
  /** What comes is looked at for so long at least. */
  static final int FIRST_MS = 500;

  /** The other kind of track is waited for no longer. */
  static final int OTHER_TRACK_MS = 2_000;

  /** What is held is little unless an encoder sends nonsense. */
  private static final int MOST_FRAMES = 2_000;

  private final List<Frame> frames = new ArrayList<>();
  private long beganMs;

  /** Holds the next frame, lent, which arrived then, if it can be of a run that begins. */
  void add(Frame frame, long arrivalMs) {
    boolean first = frames.isEmpty();
    if (frame.track().isVideo() && firstPicture() == null) {
      if (!frame.keyframe()) {
        return;
      }
      // Sound from before the first picture has none to go with.
      dropSoundBefore(frame.dts90k());
      first = true;
    }
    if (first) {
      beganMs = arrivalMs;
    }
    if (frames.size() >= MOST_FRAMES) {
      forget();
      return;
    }
    frames.add(frame);
    frame.payload().retain();
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  boolean hasPictures() {
    return firstPicture() != null;
  }

  /** When the first frame of the run arrived, on the clock of the loop. */
  long beganMs() {
    return beganMs;
  }

  /**
   * Whether what is held tells which tracks the run has.
   *
   * @param picturesMayCome whether there may be some though there are none yet
   * @param soundMayCome the same for sound
   */
  boolean isEnough(boolean picturesMayCome, boolean soundMayCome) {
    if (frames.isEmpty()) {
      return false;
    }
    Frame picture = firstPicture();
    if (picture == null) {
      return lasts(frames.getFirst(), true) >= (picturesMayCome ? OTHER_TRACK_MS : FIRST_MS);
    }
    boolean soundIsThere = frames.stream().anyMatch(frame -> frame.track().isAudio());
    return lasts(picture, false) >= (soundIsThere || !soundMayCome ? FIRST_MS : OTHER_TRACK_MS);
  }

  /** All that is held; nothing is any more. */
  @Owned
  List<Frame> take() {
    List<Frame> taken = List.copyOf(frames);
    frames.clear();
    return taken;
  }

  /** Lets go of all. */
  void forget() {
    frames.forEach(Frame::release);
    frames.clear();
  }

  private @Nullable Frame firstPicture() {
    for (Frame frame : frames) {
      if (frame.track().isVideo()) {
        return frame;
      }
    }
    return null;
  }

  /** Milliseconds from this frame to the last one of the same kind. */
  private long lasts(Frame from, boolean audio) {
    for (Frame frame : frames.reversed()) {
      if (frame.track().isAudio() == audio) {
        return (frame.dts90k() - from.dts90k()) / Runs.TICKS_A_MS;
      }
    }
    return 0;
  }

  private void dropSoundBefore(long dts90k) {
    frames.removeIf(
        frame -> {
          boolean before = frame.dts90k() < dts90k;
          if (before) {
            frame.release();
          }
          return before;
        });
  }
}
