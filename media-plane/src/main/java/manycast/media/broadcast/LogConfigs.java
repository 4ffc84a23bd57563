package manycast.media.broadcast;

import io.netty.buffer.ByteBufUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Track;
import org.jspecify.annotations.Nullable;

/**
 * The codec configs and metadata of one log, for as long as somebody could start with them: also
 * when they have left the log themselves. However many it holds, it looks at no more than two when
 * one leaves the log. It owns none of them: what it forgets, its log releases. Belongs to the log's
 * loop.
 */
final class LogConfigs {
  private final Map<Track, OfTrack> byTrack = new HashMap<>();
  private final Supplier<ArrayDeque<LogEntry>> queues;

  LogConfigs() {
    this(ArrayDeque::new);
  }

  /** Holds what is in the log in such queues. */
  LogConfigs(Supplier<ArrayDeque<LogEntry>> queues) {
    this.queues = queues;
  }

  /** What one track has: its configs, or metadata, and what is said beside them. */
  private record OfTrack(Line configs, Line infos) {}

  /** What replaces one another: all that is in the log, and the last that has left it. */
  private static final class Line {
    private final ArrayDeque<LogEntry> inLog;
    private @Nullable LogEntry last;

    Line(ArrayDeque<LogEntry> inLog) {
      this.inLog = inLog;
    }

    @Nullable LogEntry lastBefore(long sequence) {
      Iterator<LogEntry> backwards = inLog.descendingIterator();
      while (backwards.hasNext()) {
        LogEntry entry = backwards.next();
        if (entry.sequence() < sequence) {
          return entry;
        }
      }
      return last != null && last.sequence() < sequence ? last : null;
    }

    /** The oldest has left the log; answers what nobody starts with any more. */
    @Nullable LogEntry oldestLeft() {
      LogEntry replaced = last;
      last = inLog.removeFirst();
      return replaced;
    }

    void clear(Consumer<LogEntry> release) {
      inLog.forEach(release);
      inLog.clear();
      if (last != null) {
        release.accept(last);
        last = null;
      }
    }
  }

  /** Takes what was appended last. */
  void add(LogEntry config) {
    lineOf(config).inLog.addLast(config);
  }

  /** Adds what holds just before this sequence to {@code into}, sound before pictures. */
  void before(long sequence, List<LogEntry> into) {
    before(sequence, List.of(Track.DATA, Track.AUDIO, Track.VIDEO), into);
  }

  /** Likewise of these tracks, one after the other. */
  void before(long sequence, Iterable<Track> tracks, List<LogEntry> into) {
    for (Track track : tracks) {
      OfTrack of = byTrack.get(track);
      if (of == null) {
        continue;
      }
      LogEntry inForce = of.configs().lastBefore(sequence);
      LogEntry info = of.infos().lastBefore(sequence);
      if (info != null && inForce != null && info.frame().codec() != inForce.frame().codec()) {
        info = null;
      }
      if (info != null && inForce != null && inForce.sequence() < info.sequence()) {
        into.add(inForce);
        into.add(info);
      } else {
        addIfThere(info, into);
        addIfThere(inForce, into);
      }
    }
  }

  /** The bytes of every track's config and of the metadata that hold just before this sequence. */
  Map<Track, byte[]> bytesBefore(long sequence) {
    List<LogEntry> inForce = new ArrayList<>();
    before(sequence, byTrack.keySet(), inForce);
    Map<Track, byte[]> bytesOf = new HashMap<>();
    for (LogEntry config : inForce) {
      if (config.frame().kind() != FrameKind.TRACK_INFO) {
        bytesOf.put(config.frame().track(), ByteBufUtil.getBytes(config.frame().payload()));
      }
    }
    return bytesOf;
  }

  /**
   * The oldest of all has left the log, and is kept until a later one of its track has left it too.
   */
  void left(LogEntry config, Consumer<LogEntry> release) {
    LogEntry replaced = lineOf(config).oldestLeft();
    if (replaced != null) {
      release.accept(replaced);
    }
  }

  /** Forgets all. */
  void clear(Consumer<LogEntry> release) {
    for (OfTrack of : byTrack.values()) {
      of.configs().clear(release);
      of.infos().clear(release);
    }
  }

  private Line lineOf(LogEntry config) {
    OfTrack of =
        byTrack.computeIfAbsent(
            config.frame().track(),
            _ -> new OfTrack(new Line(queues.get()), new Line(queues.get())));
    return config.frame().kind() == FrameKind.TRACK_INFO ? of.infos() : of.configs();
  }

  private static void addIfThere(@Nullable LogEntry config, List<LogEntry> into) {
    if (config != null) {
      into.add(config);
    }
  }
}
