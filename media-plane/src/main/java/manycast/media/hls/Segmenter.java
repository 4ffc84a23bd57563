package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import manycast.media.hls.cmaf.Fragment;
import manycast.media.hls.cmaf.InitSegment;
import manycast.media.hls.cmaf.Sample;
import manycast.media.hls.cmaf.TrackFormat;
import manycast.media.hls.cmaf.TrackRun;
import org.jspecify.annotations.Nullable;

/**
 * Cuts frames of one format into parts and segments. The main track, pictures where there are any,
 * decides where: a segment ends before a keyframe once it is long enough, or where it would grow
 * beyond its target; a part where it would grow beyond its own. Payloads are not copied: parts hold
 * a count of each. Belongs to the broadcast's loop.
 */
final class Segmenter {
  /** Keyframes that come closer than this share a segment, in seconds. */
  private static final double SHORT_SEGMENT = 1.9;

  /**
   * What a segment may be longer than its target without rounding up; where the next picture is not
   * there yet to tell how long the last one is, a little less.
   */
  private static final double ROUNDED_OFF = 0.499;

  private static final double SURELY_ROUNDED_OFF = 0.45;

  private static final double SHORTEST_PART = 0.85;
  private static final long NANOS = 1_000_000_000;

  private final Lane main;
  private final @Nullable Lane side;
  private final byte[] init;
  private final Output output;
  private final ByteBufAllocator allocator;
  private final Instant began;
  private final long partTarget;
  private final long neverLonger;
  private final long longestPicture;
  private final long longestSegment;
  private final long shortSegment;
  private boolean discontinuity;
  private boolean segmentBegun;
  private long runTicks;
  private long segmentTicks;
  private long partTicks;
  private long groupTicks;
  private long sinceKeyframe;
  private long segmentBytes;
  private final long mostSegmentBytes;
  private int fragments;

  /**
   * What a part is like.
   *
   * @param micros how long it plays
   * @param independent whether decoding can start in it
   * @param listed whether it is short enough to be a part of its own for players
   * @param last whether the segment ends with it, which is told at once
   */
  record Cut(long micros, boolean independent, boolean listed, boolean last) {}

  /** Whoever takes what is cut. */
  interface Output {
    /**
     * A segment begins.
     *
     * @param init what a player needs before it
     * @param discontinuity it does not go on where the segment before it ended (RFC 8216 §4.3.2.3)
     * @param at when its first frame arrived
     */
    void segment(byte[] init, boolean discontinuity, Instant at);

    /**
     * The next part of the segment.
     *
     * @param pieces its bytes, one after the other
     */
    void part(@Owned List<ByteBuf> pieces, Cut cut);

    /** The segment is complete. */
    void segmentEnded();
  }

  /**
   * Nothing is cut yet.
   *
   * @param main the track that decides
   * @param side the other one, or null
   * @param discontinuity whether the first segment follows another one without going on from it
   * @param began when the first frame arrived
   * @param mostSegmentBytes a segment is cut before it is larger
   */
  Segmenter(
      Targets targets,
      TrackFormat main,
      @Nullable TrackFormat side,
      boolean discontinuity,
      Instant began,
      long mostSegmentBytes,
      Output output,
      ByteBufAllocator allocator) {
    this.main = new Lane(main);
    this.side = side == null ? null : new Lane(side);
    this.init = InitSegment.of(side == null ? List.of(main) : List.of(main, side));
    this.discontinuity = discontinuity;
    this.began = began;
    this.mostSegmentBytes = mostSegmentBytes;
    this.output = output;
    this.allocator = allocator;
    boolean video = main instanceof TrackFormat.Video;
    this.partTarget = (long) targets.partMs() * main.timescale() / 1000;
    int target = targets.segmentSeconds();
    this.neverLonger = (long) ((target + ROUNDED_OFF) * main.timescale());
    this.longestPicture = (long) ((target + (video ? SURELY_ROUNDED_OFF : 0)) * main.timescale());
    this.longestSegment = targets.areTight() ? partTarget : longestPicture;
    this.shortSegment =
        video ? (long) (SHORT_SEGMENT * main.timescale()) : longestSegment - partTarget / 4;
  }

  TrackFormat main() {
    return main.format();
  }

  @Nullable TrackFormat side() {
    return side == null ? null : side.format();
  }

  /** The next frame of the main track, lent. */
  void addMain(Frame frame) {
    if (main.hasPending()) {
      long ticks = main.ticksUntil(frame);
      if (ticks > longestPicture) {
        leap(ticks);
      } else if (ticks > partTarget) {
        putAlone(ticks);
      } else {
        put(ticks);
      }
      cutBefore(frame);
    }
    main.begin(frame);
  }

  /** The next frame of the other track, lent. */
  void addSide(Frame frame) {
    Lane lane = side;
    if (lane != null) {
      if (lane.hasPending()) {
        lane.complete(lane.ticksUntil(frame));
      }
      lane.begin(frame);
    }
  }

  /** What there is becomes a segment if it is so long at least. */
  void endSegmentIfLongerThan(int ms) {
    if ((segmentTicks + partTicks) * 1000 >= (long) ms * main.format().timescale()) {
      endSegment();
    }
  }

  /** No more frames come: what there is becomes the last segment. */
  void end() {
    if (main.hasPending()) {
      put(Math.min(main.usualTicks(), partTarget));
    }
    if (side != null) {
      side.complete(side.usualTicks());
    }
    endSegment();
    release();
  }

  /** Lets go of what is in no part yet. */
  void release() {
    main.release();
    if (side != null) {
      side.release();
    }
  }

  /** A sample is complete: into this part, or into the next where this one would be too long. */
  private void put(long ticks) {
    if (segmentTicks + partTicks + ticks > neverLonger) {
      endSegment();
    } else if (partTicks + ticks > partTarget) {
      endPart();
    }
    main.complete(ticks);
    partTicks += ticks;
    sinceKeyframe += ticks;
  }

  /** A sample longer than a part may be is a segment without parts. */
  private void putAlone(long ticks) {
    endSegment();
    main.complete(ticks);
    partTicks += ticks;
    sinceKeyframe += ticks;
    emit(false, true);
    endSegment();
  }

  /** The encoder's clock has jumped by more than a segment: what follows is no continuation. */
  private void leap(long ticks) {
    long usual = Math.min(main.usualTicks(), partTarget);
    put(usual);
    if (side != null) {
      side.complete(side.usualTicks());
      side.leap();
    }
    endSegment();
    main.leap();
    runTicks += ticks - usual;
    discontinuity = true;
  }

  private void cutBefore(Frame frame) {
    long ticks = main.usualTicks();
    if (frame.keyframe()) {
      groupTicks = sinceKeyframe;
      sinceKeyframe = 0;
    }
    if (endsBefore(frame, ticks)) {
      endSegment();
    } else if (partTicks + ticks > partTarget) {
      endPart();
    }
  }

  private boolean endsBefore(Frame frame, long ticks) {
    long length = segmentTicks + partTicks;
    boolean start = frame.keyframe() || !frame.track().isVideo();
    return length + ticks > longestSegment
        || segmentBytes > mostSegmentBytes
        || (start && (length >= shortSegment || length + groupTicks > longestSegment));
  }

  /** A part that is too short may only be the last of its segment (HLS 2 §4.4.4.9). */
  private void endPart() {
    if (partTicks < SHORTEST_PART * partTarget) {
      endSegment();
    } else {
      emit(true, false);
    }
  }

  private void endSegment() {
    emit(true, true);
    if (segmentBegun) {
      segmentBegun = false;
      segmentTicks = 0;
      segmentBytes = 0;
      output.segmentEnded();
    }
  }

  private void emit(boolean listed, boolean last) {
    if (main.isEmpty()) {
      return;
    }
    if (!segmentBegun) {
      segmentBegun = true;
      output.segment(init, discontinuity, began.plusNanos(nanos(runTicks)));
      discontinuity = false;
    }
    boolean independent = main.beginsWithSync();
    List<TrackRun> runs = new ArrayList<>(2);
    runs.add(main.takeRun());
    if (side != null && !side.isEmpty()) {
      runs.add(side.takeRun());
    }
    List<ByteBuf> pieces = new ArrayList<>();
    pieces.add(Fragment.head(allocator, ++fragments, runs));
    for (TrackRun run : runs) {
      for (Sample sample : run.samples()) {
        pieces.add(sample.payload());
        segmentBytes += sample.payload().readableBytes();
      }
    }
    long micros = nanos(runTicks + partTicks) / 1000 - nanos(runTicks) / 1000;
    runTicks += partTicks;
    segmentTicks += partTicks;
    partTicks = 0;
    output.part(pieces, new Cut(micros, independent, listed, last));
  }

  private long nanos(long ticks) {
    long timescale = main.format().timescale();
    return ticks / timescale * NANOS + ticks % timescale * NANOS / timescale;
  }
}
