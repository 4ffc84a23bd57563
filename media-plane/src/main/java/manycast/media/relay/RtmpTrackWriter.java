package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.LogEntry;
import manycast.media.frame.Frame;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import manycast.media.rtmp.netty.RtmpClientHandler;

/**
 * Puts log entries on one connection: shared images wherever this destination has had the entry
 * before, and its own headers at the start and behind a skip. All that it keeps is the time of the
 * last message of each track.
 */
final class RtmpTrackWriter {
  private static final long NOTHING_YET = -1;

  private final BroadcastLog log;
  private final RtmpWireFormat format;
  private final RtmpClientHandler connection;
  private final long[] lastMs = new long[TrackKind.values().length];
  private final long[] configSequence = new long[TrackKind.values().length];
  private boolean started;
  private long zeroMs;
  private long framesWritten;

  RtmpTrackWriter(BroadcastLog log, RtmpWireFormat format, RtmpClientHandler connection) {
    this.log = log;
    this.format = format;
    this.connection = connection;
    Arrays.fill(lastMs, NOTHING_YET);
    Arrays.fill(configSequence, NOTHING_YET);
  }

  /** Queues what this entry needs on the wire and answers how many bytes that were. */
  int write(LogEntry entry, Cursor cursor) {
    long before = connection.bytesQueued();
    if (cursor.takeJump()) {
      if (!started) {
        started = true;
        zeroMs = cursor.startMs();
      }
      writeConfigsBefore(entry.sequence(), cursor.startMs());
    }
    Frame frame = entry.frame();
    if (frame.isMedia()) {
      writeTimed(entry, frame.dtsMs());
      framesWritten++;
    } else {
      writeConfig(entry, frame.dtsMs());
    }
    return (int) (connection.bytesQueued() - before);
  }

  /** Access units queued so far. */
  long framesWritten() {
    return framesWritten;
  }

  private void writeConfigsBefore(long sequence, long atMs) {
    List<LogEntry> configs = new ArrayList<>();
    log.configsBefore(sequence, configs);
    for (LogEntry config : configs) {
      writeConfig(config, atMs);
    }
  }

  private void writeConfig(LogEntry entry, long atMs) {
    int kind = entry.frame().track().kind().ordinal();
    if (configSequence[kind] >= entry.sequence()) {
      return;
    }
    configSequence[kind] = entry.sequence();
    long notBefore = Math.max(atMs, Math.max(zeroMs, lastMs[kind]));
    if (entry.frame().track().equals(Track.DATA)) {
      connection.write(
          format.data(entry.frame(), notBefore - zeroMs, connection.messageStreamId()));
    } else {
      writeTimed(entry, notBefore);
    }
  }

  private void writeTimed(LogEntry entry, long dtsMs) {
    Frame frame = entry.frame();
    int kind = frame.track().kind().ordinal();
    long last = lastMs[kind];
    lastMs[kind] = dtsMs;
    if (last == NOTHING_YET) {
      connection.write(format.full(frame, dtsMs - zeroMs, connection.messageStreamId()));
    } else if (last == entry.previousMs() && dtsMs == frame.dtsMs()) {
      ByteBuf image = entry.image(format);
      connection.write(image.retainedDuplicate());
    } else if (format.sharesAllButTheHeader(entry, dtsMs - last)) {
      connection.write(format.headerWithDelta(entry, dtsMs - last));
      connection.write(format.sharedRest(entry));
    } else {
      connection.write(format.withDelta(frame, dtsMs - last));
    }
  }
}
