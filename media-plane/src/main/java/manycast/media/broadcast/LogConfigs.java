package manycast.media.broadcast;

import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Track;
import org.jspecify.annotations.Nullable;

/**
 * The codec configs and metadata of one log, for as long as somebody could start with them: also
 * when they have left the log themselves. It owns none of them: what it forgets, its log releases.
 * Belongs to the log's loop.
 */
final class LogConfigs {
  private final List<LogEntry> configs = new ArrayList<>();

  /** Takes what was appended last. */
  void add(LogEntry config) {
    configs.add(config);
  }

  /** Adds what holds just before this sequence to {@code into}, sound before pictures. */
  void before(long sequence, List<LogEntry> into) {
    before(sequence, List.of(Track.DATA, Track.AUDIO, Track.VIDEO), into);
  }

  /** Likewise of these tracks, one after the other. */
  void before(long sequence, List<Track> tracks, List<LogEntry> into) {
    for (Track track : tracks) {
      LogEntry inForce = lastBefore(sequence, track, false);
      LogEntry info = lastBefore(sequence, track, true);
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
    before(
        sequence,
        configs.stream().map(config -> config.frame().track()).distinct().toList(),
        inForce);
    Map<Track, byte[]> bytesOf = new HashMap<>();
    for (LogEntry config : inForce) {
      if (config.frame().kind() != FrameKind.TRACK_INFO) {
        bytesOf.put(config.frame().track(), ByteBufUtil.getBytes(config.frame().payload()));
      }
    }
    return bytesOf;
  }

  /**
   * Forgets what has left the log once a later one of its track has left it too.
   *
   * @param first the oldest sequence in the log
   */
  void forgetReplaced(long first, Consumer<LogEntry> release) {
    for (int i = configs.size() - 1; i >= 0; i--) {
      LogEntry config = configs.get(i);
      if (config.sequence() < first && isReplaced(config, first)) {
        configs.remove(i);
        release.accept(config);
      }
    }
  }

  /** Forgets all. */
  void clear(Consumer<LogEntry> release) {
    configs.forEach(release);
    configs.clear();
  }

  private @Nullable LogEntry lastBefore(long sequence, Track track, boolean info) {
    LogEntry last = null;
    for (LogEntry config : configs) {
      if (config.frame().track().equals(track)
          && config.sequence() < sequence
          && (config.frame().kind() == FrameKind.TRACK_INFO) == info) {
        last = config;
      }
    }
    return last;
  }

  private static void addIfThere(@Nullable LogEntry config, List<LogEntry> into) {
    if (config != null) {
      into.add(config);
    }
  }

  private boolean isReplaced(LogEntry config, long first) {
    for (LogEntry other : configs) {
      if (other.frame().track().equals(config.frame().track())
          && other.frame().kind() == config.frame().kind()
          && other.sequence() > config.sequence()
          && other.sequence() < first) {
        return true;
      }
    }
    return false;
  }
}
