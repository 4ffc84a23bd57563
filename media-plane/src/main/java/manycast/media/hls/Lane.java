package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import manycast.media.frame.Frame;
import manycast.media.hls.cmaf.Sample;
import manycast.media.hls.cmaf.TrackFormat;
import manycast.media.hls.cmaf.TrackRun;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one track that are in no part yet, and the one whose end is not known before the
 * next comes. Owns a count of each payload until it gives it away in a run.
 */
final class Lane {
  /** What the last sample of a track lasts that had only one. */
  private static final int LONE_SAMPLES_A_SECOND = 30;

  private final TrackFormat format;
  private final List<Sample> complete = new ArrayList<>();
  private @Nullable SampleClock clock;
  private long from;
  private long usualTicks;
  private @Nullable ByteBuf pending;
  private int pendingOffset;
  private boolean pendingSync;

  Lane(TrackFormat format) {
    this.format = format;
    this.usualTicks =
        format.sampleTicks() > 0
            ? format.sampleTicks()
            : format.timescale() / LONE_SAMPLES_A_SECOND;
  }

  TrackFormat format() {
    return format;
  }

  boolean hasPending() {
    return pending != null;
  }

  /** Whether no complete sample waits for a part. */
  boolean isEmpty() {
    return complete.isEmpty();
  }

  /** Whether decoding can start at the first sample that waits for a part. */
  boolean beginsWithSync() {
    return !complete.isEmpty() && complete.getFirst().sync();
  }

  /** What the sample without an end would last if this frame followed it, in ticks. */
  long ticksUntil(Frame frame) {
    return clock(frame).ticksUntil(frame.dts90k());
  }

  /** What samples of this track last as a rule, in ticks. */
  long usualTicks() {
    return usualTicks;
  }

  /** The sample without an end, where there is one, lasts so long. */
  void complete(long ticks) {
    ByteBuf payload = pending;
    SampleClock running = clock;
    if (payload != null && running != null) {
      if (complete.isEmpty()) {
        from = running.position();
      }
      complete.add(new Sample(payload, (int) ticks, pendingOffset, pendingSync));
      running.advance(ticks);
      usualTicks = ticks;
      pending = null;
    }
  }

  /** The frame, lent, begins a sample; the one before it is complete. */
  void begin(Frame frame) {
    clock(frame);
    pending = frame.payload().retain();
    boolean video = format instanceof TrackFormat.Video;
    pendingOffset = video ? frame.compositionOffset90k() : 0;
    pendingSync = !video || frame.keyframe();
  }

  /** The next frame begins where its own time says, whatever came before it. */
  void leap() {
    clock = null;
  }

  /** Gives away all complete samples: whoever takes them owns their payloads. */
  TrackRun takeRun() {
    TrackRun run = new TrackRun(format, from, List.copyOf(complete));
    complete.clear();
    return run;
  }

  /** Lets go of everything. */
  void release() {
    complete.forEach(sample -> sample.payload().release());
    complete.clear();
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  private SampleClock clock(Frame frame) {
    SampleClock running = clock;
    if (running == null) {
      running = new SampleClock(format, frame.dts90k());
      clock = running;
    }
    return running;
  }
}
