package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongFunction;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Track;
import manycast.media.hls.cmaf.TrackFormat;
import org.jspecify.annotations.Nullable;

/**
 * Brings the frames of a log into runs: stretches of the default tracks with the same codec configs
 * and no gap, each cut by a {@link Segmenter} of its own. What a run has is known once a little of
 * it has come; the other kind of track is never waited for longer than two seconds. Belongs to the
 * broadcast's loop.
 */
final class Runs {
  static final int TICKS_A_MS = 90;

  /** A picture that takes longer has not come rarely: pictures have stopped. */
  private static final int LONGEST_PICTURE_MS = 10_000;

  private final ByteBufAllocator allocator;
  private final Segmenter.Output output;
  private final BooleanSupplier hasPictures;
  private final Function<List<Frame>, Targets> choose;
  private final LongFunction<Instant> timeOfDay;
  private final long mostSegmentBytes;
  private final Opening opening = new Opening();
  private @Nullable Config videoConfig;
  private @Nullable Config audioConfig;
  private @Nullable Segmenter run;
  private boolean discontinuity;
  private boolean videoIsOther;
  private boolean audioIsOther;
  private boolean soundCame;
  private long lastVideo90k;
  private long betweenPictures90k;
  private long lastAudio90k;

  private record Config(Codec codec, ByteBuf bytes) {
    boolean is(Frame frame) {
      return codec == frame.codec() && ByteBufUtil.equals(bytes, frame.payload());
    }
  }

  /**
   * No frame has come yet.
   *
   * @param goesOn whether there were segments before that the first one does not go on from
   * @param hasPictures whether the broadcast has pictures at all
   * @param choose the playlist's targets for a run that begins with these frames
   * @param timeOfDay what time of the day a moment on the clock of the loop was
   * @param mostSegmentBytes a segment is cut before it is larger
   */
  Runs(
      boolean goesOn,
      BooleanSupplier hasPictures,
      Function<List<Frame>, Targets> choose,
      LongFunction<Instant> timeOfDay,
      long mostSegmentBytes,
      Segmenter.Output output,
      ByteBufAllocator allocator) {
    this.discontinuity = goesOn;
    this.hasPictures = hasPictures;
    this.choose = choose;
    this.timeOfDay = timeOfDay;
    this.mostSegmentBytes = mostSegmentBytes;
    this.output = output;
    this.allocator = allocator;
  }

  /** The next frame of the log, lent; it arrived then, on the clock of the loop. */
  void frame(Frame frame, long arrivalMs) {
    boolean video = frame.track().equals(Track.VIDEO);
    if ((!video && !frame.track().equals(Track.AUDIO)) || frame.wholeTag()) {
      return;
    }
    if (frame.kind() == FrameKind.CONFIG) {
      config(frame, video);
    } else if (frame.isMedia()) {
      if (video) {
        picture(frame, arrivalMs);
      } else {
        sound(frame, arrivalMs);
      }
    }
  }

  /** All that has arrived was given: the first segment need not be long. */
  void caughtUp(boolean isFirstSegment) {
    if (isFirstSegment && run != null) {
      run.endSegmentIfLongerThan(Opening.FIRST_MS);
    }
  }

  /** Frames are missing here, or the encoder is gone: what comes next is a run of its own. */
  void interrupt() {
    finishOpening();
    endRun();
  }

  /** Lets go of what is in no part yet. */
  void release() {
    if (run != null) {
      run.release();
      run = null;
    }
    opening.forget();
  }

  private void config(Frame frame, boolean video) {
    Config before = video ? videoConfig : audioConfig;
    if (before != null && before.is(frame)) {
      return; // Some encoders send it again every few seconds.
    }
    if (!opening.isEmpty()) {
      interrupt();
    }
    Config now = new Config(frame.codec(), Unpooled.copiedBuffer(frame.payload()));
    if (video) {
      videoConfig = now;
      videoIsOther = true;
    } else {
      audioConfig = now;
      audioIsOther = true;
    }
  }

  private void picture(Frame frame, long arrivalMs) {
    if (videoConfig == null || !TrackFormat.Video.carries(frame.codec())) {
      return;
    }
    betweenPictures90k = Math.min(frame.dts90k() - lastVideo90k, LONGEST_PICTURE_MS * TICKS_A_MS);
    lastVideo90k = frame.dts90k();
    Segmenter running = run;
    if (running == null) {
      open(frame, arrivalMs);
      return;
    }
    boolean hasVideo = running.main() instanceof TrackFormat.Video;
    if (frame.keyframe() && (!hasVideo || videoIsOther || soundIsOther(running))) {
      endRun();
      open(frame, arrivalMs);
    } else if (hasVideo && !videoIsOther) {
      running.addMain(frame);
    }
  }

  private boolean soundIsOther(Segmenter running) {
    boolean wanted = soundCame && lastVideo90k - lastAudio90k < Opening.OTHER_TRACK_MS * TICKS_A_MS;
    return wanted != (running.side() != null) || (wanted && audioIsOther);
  }

  private void sound(Frame frame, long arrivalMs) {
    if (!TrackFormat.Audio.carries(frame.codec())
        || (audioConfig == null && frame.codec() != Codec.OPUS)) {
      return;
    }
    soundCame = true;
    lastAudio90k = frame.dts90k();
    Segmenter running = run;
    if (running == null) {
      open(frame, arrivalMs);
    } else if (running.main() instanceof TrackFormat.Audio) {
      if (audioIsOther) {
        endRun();
        open(frame, arrivalMs);
      } else {
        running.addMain(frame);
      }
    } else if (frame.dts90k() - lastVideo90k > patienceWithPictures90k()) {
      endRun();
      open(frame, arrivalMs);
    } else if (running.side() != null && !audioIsOther) {
      running.addSide(frame);
    }
  }

  /** Pictures that come rarely are waited for longer. */
  private long patienceWithPictures90k() {
    return Math.max(
        Opening.OTHER_TRACK_MS * TICKS_A_MS, betweenPictures90k + betweenPictures90k / 2);
  }

  /** Gathers the first frames of a run until it is known what it has. */
  private void open(Frame frame, long arrivalMs) {
    opening.add(frame, arrivalMs);
    boolean picturesMayCome = videoConfig != null || hasPictures.getAsBoolean();
    boolean soundMayCome = audioConfig != null && TrackFormat.Audio.carries(audioConfig.codec());
    if (opening.isEnough(picturesMayCome, soundMayCome)) {
      begin();
    }
  }

  private void begin() {
    List<Frame> first = opening.take();
    try {
      Segmenter begun = segmenter(first);
      if (begun != null) {
        run = begun;
        discontinuity = false;
        for (Frame frame : first) {
          if (begun.main().id() == idOf(frame)) {
            begun.addMain(frame);
          } else {
            begun.addSide(frame);
          }
        }
      }
    } finally {
      first.forEach(Frame::release);
    }
  }

  private @Nullable Segmenter segmenter(List<Frame> first) {
    Frame picture =
        first.stream().filter(frame -> frame.track().isVideo()).findFirst().orElse(null);
    Frame sound = first.stream().filter(frame -> frame.track().isAudio()).findFirst().orElse(null);
    TrackFormat video = picture == null ? null : videoFormat(picture);
    TrackFormat audio = sound == null ? null : audioFormat(sound);
    TrackFormat main = video == null ? audio : video;
    if (main == null) {
      return null;
    }
    videoIsOther = false;
    audioIsOther = false;
    return new Segmenter(
        choose.apply(first),
        main,
        main == audio ? null : audio,
        discontinuity,
        timeOfDay.apply(opening.beganMs()),
        mostSegmentBytes,
        output,
        allocator);
  }

  private @Nullable TrackFormat videoFormat(Frame keyframe) {
    try {
      return TrackFormat.Video.of(
          keyframe.codec(), Objects.requireNonNull(videoConfig).bytes(), keyframe.payload());
    } catch (ProtocolException unreadable) {
      return null;
    }
  }

  private @Nullable TrackFormat audioFormat(Frame first) {
    try {
      return TrackFormat.Audio.of(first.codec(), audioConfig == null ? null : audioConfig.bytes());
    } catch (ProtocolException unreadable) {
      return null;
    }
  }

  private static int idOf(Frame frame) {
    return frame.track().isVideo() ? TrackFormat.Video.ID : TrackFormat.Audio.ID;
  }

  private void endRun() {
    if (run != null) {
      run.end();
      run = null;
      discontinuity = true;
    }
  }

  /** What was gathered of a run is all there is of it. */
  private void finishOpening() {
    if (opening.hasPictures() || (!opening.isEmpty() && !hasPictures.getAsBoolean())) {
      begin();
    }
    opening.forget();
  }
}
