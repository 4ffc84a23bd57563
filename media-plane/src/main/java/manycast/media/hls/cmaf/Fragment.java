package manycast.media.hls.cmaf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import manycast.media.frame.Owned;

/**
 * A movie fragment and the head of its media data (ISO 14496-12 §8.8): all of a part but the
 * payloads themselves, which follow it in the order of runs and samples as they lie in the log.
 */
public final class Fragment {
  private static final int DEFAULT_BASE_IS_MOOF = 0x02_0000;
  private static final int DEFAULT_SAMPLE_FLAGS = 0x20;
  private static final int DATA_OFFSET = 0x1;
  private static final int SAMPLE_DURATION = 0x100;
  private static final int SAMPLE_SIZE = 0x200;
  private static final int SAMPLE_FLAGS = 0x400;
  private static final int COMPOSITION_OFFSETS = 0x800;

  /** Depends on no other sample; depends on others and is no place to begin (§8.8.3.1). */
  private static final int SYNC = 0x0200_0000;

  private static final int NO_SYNC = 0x0101_0000;
  private static final int DATA_HEAD = 8;
  private static final int MOOF_AND_NUMBER = 8 + 16;

  /** traf, tfhd, tfdt and trun without samples and default flags. */
  private static final int TRACK_BOXES = 8 + 16 + 20 + 20;

  private Fragment() {}

  /**
   * The bytes before the payloads.
   *
   * @param number counts the fragments of a broadcast from 1
   */
  public static @Owned ByteBuf head(ByteBufAllocator allocator, int number, List<TrackRun> runs) {
    int length = MOOF_AND_NUMBER;
    int payload = 0;
    for (TrackRun run : runs) {
      length += bytesOf(run);
      payload += run.payloadBytes();
    }
    ByteBuf head = allocator.buffer(length + DATA_HEAD);
    BoxWriter out = new BoxWriter(head);
    int dataFrom = length + DATA_HEAD;
    out.box(
        "moof",
        () -> {
          out.fullBox("mfhd", 0, 0, () -> out.u32(number));
          int offset = dataFrom;
          for (TrackRun run : runs) {
            writeTrack(out, run, offset);
            offset += run.payloadBytes();
          }
        });
    out.u32(DATA_HEAD + payload).text("mdat");
    return head;
  }

  /** The length of a track's box, which the offsets in it hang on. */
  private static int bytesOf(TrackRun run) {
    boolean video = run.track() instanceof TrackFormat.Video;
    return TRACK_BOXES + (video ? 0 : 4) + run.samples().size() * (video ? 16 : 8);
  }

  private static void writeTrack(BoxWriter out, TrackRun run, int dataOffset) {
    boolean video = run.track() instanceof TrackFormat.Video;
    out.box(
        "traf",
        () -> {
          if (video) {
            out.fullBox("tfhd", 0, DEFAULT_BASE_IS_MOOF, () -> out.u32(run.track().id()));
          } else {
            out.fullBox(
                "tfhd",
                0,
                DEFAULT_BASE_IS_MOOF | DEFAULT_SAMPLE_FLAGS,
                () -> out.u32(run.track().id()).u32(SYNC));
          }
          out.fullBox("tfdt", 1, 0, () -> out.u64(run.decodeTime()));
          int each = video ? SAMPLE_FLAGS | COMPOSITION_OFFSETS : 0;
          out.fullBox(
              "trun",
              1,
              DATA_OFFSET | SAMPLE_DURATION | SAMPLE_SIZE | each,
              () -> writeSamples(out, run, dataOffset, video));
        });
  }

  private static void writeSamples(BoxWriter out, TrackRun run, int dataOffset, boolean video) {
    out.u32(run.samples().size()).u32(dataOffset);
    for (Sample sample : run.samples()) {
      out.u32(sample.ticks()).u32(sample.payload().readableBytes());
      if (video) {
        out.u32(sample.sync() ? SYNC : NO_SYNC).u32(sample.compositionOffset());
      }
    }
  }
}
