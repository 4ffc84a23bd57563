package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manycast.media.hls.cmaf.Boxes;
import manycast.media.hls.cmaf.Boxes.Box;

/**
 * Reads the segments of one playlist by the letter of ISO 14496-12: each track goes on just where
 * it ended unless there is a discontinuity, and the samples make up the media data.
 */
public final class MediaChecker {
  private static final int NO_SYNC = 0x0001_0000;

  private final Map<Integer, Long> end = new HashMap<>();
  private Map<Integer, Integer> timescales = Map.of();
  private long lastFragment;

  /** What was in a segment. */
  public record Content(double seconds, boolean beginsWithSync, List<Integer> sizes) {}

  /** What comes next has this beginning and does not go on from before. */
  public void begin(ByteBuf init) {
    List<Box> boxes = Boxes.read(init);
    Map<Integer, Integer> scales = new HashMap<>();
    for (Box track : boxes.get(1).all("trak")) {
      scales.put(
          track.child("tkhd").content().getInt(12),
          track.child("mdia").child("mdhd").content().getInt(12));
    }
    timescales = scales;
    end.clear();
    lastFragment = 0;
  }

  /** Whether the beginning has pictures. */
  public boolean hasPictures() {
    return timescales.containsKey(1);
  }

  /** The next segment. */
  public Content check(ByteBuf segment) {
    List<Box> boxes = Boxes.read(segment);
    long mainTicks = 0;
    List<Integer> sizes = new ArrayList<>();
    boolean sync = false;
    int main = timescales.containsKey(1) ? 1 : 2;
    for (int i = 0; i < boxes.size(); i += 2) {
      Box moof = boxes.get(i);
      require(moof.type().equals("moof") && boxes.get(i + 1).type().equals("mdat"), "moof, mdat");
      long number = moof.child("mfhd").content().getUnsignedInt(4);
      require(number > lastFragment, "fragments are counted: " + number);
      lastFragment = number;
      long bytes = 0;
      for (Box traf : moof.all("traf")) {
        int track = traf.child("tfhd").content().getInt(4);
        require(timescales.containsKey(track), "track " + track + " is in the init segment");
        ByteBuf run = traf.child("trun").content();
        boolean video = track == 1;
        int each = video ? 16 : 8;
        long ticks = 0;
        int count = run.getInt(4);
        require(run.readableBytes() == 12 + count * each && count > 0, "a trun of " + count);
        for (int at = 12; at < run.readableBytes(); at += each) {
          ticks += run.getUnsignedInt(at);
          bytes += run.getUnsignedInt(at + 4);
          if (track == main) {
            sizes.add(run.getInt(at + 4));
          }
        }
        long from = traf.child("tfdt").content().getLong(4);
        require(
            end.getOrDefault(track, from) == from,
            "track " + track + " goes on at " + end.get(track) + ", not at " + from);
        end.put(track, from + ticks);
        if (track == main) {
          if (mainTicks == 0) {
            sync = !video || (run.getInt(12 + 8) & NO_SYNC) == 0;
          }
          mainTicks += ticks;
        }
      }
      require(
          bytes == boxes.get(i + 1).content().readableBytes(), "samples make up the media data");
    }
    return new Content((double) mainTicks / timescales.getOrDefault(main, 1), sync, sizes);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new AssertionError(rule);
    }
  }
}
