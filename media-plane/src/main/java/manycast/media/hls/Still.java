package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.LogEntry;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Owned;
import manycast.media.frame.Track;
import manycast.media.hls.cmaf.Fragment;
import manycast.media.hls.cmaf.InitSegment;
import manycast.media.hls.cmaf.Sample;
import manycast.media.hls.cmaf.TrackFormat;
import manycast.media.hls.cmaf.TrackRun;
import org.jspecify.annotations.Nullable;

/** A keyframe as a film of one picture: what browsers show as an image without decoding it here. */
final class Still {
  private static final int ONE_SECOND = TrackFormat.Video.TIMESCALE;

  /** It is looked for among so many entries behind a start point. */
  private static final int MOST_ENTRIES = 64;

  private Still() {}

  /** The film of the newest keyframe of pictures, or null where there is none that is carried. */
  static @Owned @Nullable ByteBuf newestOf(BroadcastLog log) {
    long nowMs = Broadcast.nowMs();
    Cursor looking = log.openAtNewestStart(_ -> {}, 0, nowMs);
    try {
      LogEntry entry = looking.next(nowMs);
      for (int i = 0; entry != null && i < MOST_ENTRIES; i++) {
        Frame frame = entry.frame();
        if (frame.keyframe() && frame.track().equals(Track.VIDEO)) {
          List<LogEntry> configs = new ArrayList<>();
          log.configsBefore(entry.sequence(), List.of(Track.VIDEO), configs);
          ByteBuf film = of(configs, frame);
          if (film != null) {
            return film;
          }
        }
        entry = looking.next(nowMs);
      }
    } finally {
      looking.close();
    }
    return null;
  }

  /**
   * The film, or null where the keyframe's codec is not carried.
   *
   * @param configs those in force, lent
   * @param keyframe lent; the film holds a count of its payload
   */
  static @Owned @Nullable ByteBuf of(List<LogEntry> configs, Frame keyframe) {
    for (LogEntry config : configs) {
      Frame frame = config.frame();
      if (frame.kind() == FrameKind.CONFIG
          && frame.codec() == keyframe.codec()
          && TrackFormat.Video.carries(frame.codec())) {
        try {
          return of(
              TrackFormat.Video.of(frame.codec(), frame.payload(), keyframe.payload()), keyframe);
        } catch (ProtocolException unreadable) {
          return null;
        }
      }
    }
    return null;
  }

  private static @Owned ByteBuf of(TrackFormat format, Frame keyframe) {
    ByteBuf payload = keyframe.payload().retain();
    TrackRun run = new TrackRun(format, 0, List.of(new Sample(payload, ONE_SECOND, 0, true)));
    return Unpooled.wrappedBuffer(
        3,
        Unpooled.wrappedBuffer(InitSegment.of(List.of(format))),
        Fragment.head(PooledByteBufAllocator.DEFAULT, 1, List.of(run)),
        payload);
  }
}
