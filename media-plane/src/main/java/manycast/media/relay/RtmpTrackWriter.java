package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.LogRun;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;

/**
 * Puts log entries on one connection: shared images wherever this destination has had the entry
 * before, and its own headers at the start and behind a skip. All that it keeps is the time of the
 * last message of each track.
 */
final class RtmpTrackWriter {
  private static final long NOTHING_YET = -1;

  private final BroadcastLog log;
  private final RtmpWireFormat format;
  private final PlatformCodecs codecs;
  private final Wire wire;
  private TrackChoice tracks;
  private TrackChoice wanted;
  private boolean awaitsKeyframe;
  private final long[] lastMs = new long[TrackKind.COUNT];
  private final long[] configSequence = new long[TrackKind.COUNT];
  private int bytes;
  private boolean started;
  private long zeroMs;
  private final FrameEnds frameEnds = new FrameEnds();
  private long framesSent;

  /** The connection that it writes to. */
  interface Wire {
    void write(@Owned ByteBuf chunks);

    /** The stream that the destination created. */
    int messageStreamId();

    /** Bytes queued on it since its start, whatever they were. */
    long bytesQueued();
  }

  RtmpTrackWriter(
      BroadcastLog log,
      RtmpWireFormat format,
      PlatformCodecs codecs,
      TrackChoice tracks,
      Wire wire) {
    this.tracks = tracks;
    this.wanted = tracks;
    this.log = log;
    this.format = format;
    this.codecs = codecs;
    this.wire = wire;
    Arrays.fill(lastMs, NOTHING_YET);
    Arrays.fill(configSequence, NOTHING_YET);
  }

  /**
   * Sends other tracks from here on: another sound at once, another picture from its next keyframe
   * on, until when the present one goes on.
   */
  void choose(TrackChoice other) {
    wanted = other;
  }

  /** Queues what this entry needs on the wire and answers how many bytes that were. */
  int write(LogEntry entry, Cursor cursor) {
    bytes = 0;
    if (cursor.takeJump()) {
      if (!started) {
        started = true;
        zeroMs = cursor.startMs();
      }
      tracks = wanted;
      writeConfigsBefore(entry.sequence(), cursor.startMs());
      // A start point is one of the lowest track of pictures, which may not be the chosen one.
      awaitsKeyframe = !tracks.isDefault();
    }
    Frame frame = entry.frame();
    if (!tracks.equals(wanted)) {
      turnWhereDue(entry);
    }
    if (!carries(frame)) {
      return bytes;
    }
    if (frame.isMedia()) {
      writeTimed(entry, Math.max(frame.dtsMs(), lastMs[frame.track().kind().index()]));
      frameEnds.add(wire.bytesQueued());
    } else {
      writeConfig(entry, frame.dtsMs());
    }
    return bytes;
  }

  /**
   * The connection was sent so many access units as shared images.
   *
   * @param upToMs the last time of the default track of each kind in them, or before
   */
  void passed(long frames, long[] upToMs) {
    framesSent += frames;
    System.arraycopy(upToMs, 0, lastMs, 0, lastMs.length);
  }

  /**
   * Of a run that counts as {@link #passed} the socket has taken so many bytes: queues the rest.
   */
  void tookPartOf(LogRun run, long written) {
    framesSent -= run.count();
    long done = written;
    for (int i = 0; i < run.count(); i++) {
      ByteBuf image = Objects.requireNonNull(run.images()[i]);
      int length = image.readableBytes();
      if (done >= length) {
        done -= length;
        framesSent++;
      } else {
        wire.write(image.retainedSlice(image.readerIndex() + (int) done, length - (int) done));
        frameEnds.add(wire.bytesQueued());
        done = 0;
      }
    }
  }

  /**
   * Whether it has written all that came, as any other did that is sent the default tracks: only
   * then can it be sent the shared images of what comes next as they are.
   */
  boolean isInStep(Cursor cursor) {
    return tracks.isDefault() && wanted.isDefault() && cursor.isSettled() && hasTheTimesOfTheHead();
  }

  private boolean hasTheTimesOfTheHead() {
    for (TrackKind kind : TrackKind.values()) {
      if (kind != TrackKind.DATA && lastMs[kind.index()] != log.lastMsBefore(log.head(), kind)) {
        return false;
      }
    }
    return true;
  }

  /** The connection has sent so many of the bytes that were queued since its start. */
  void noteSent(long bytesSent) {
    framesSent += frameEnds.removeUpTo(bytesSent);
  }

  /** Access units that the connection has sent whole. */
  long framesSent() {
    return framesSent;
  }

  /** Access units that were written and that the connection has not sent whole. */
  int framesQueued() {
    return frameEnds.count();
  }

  /** The time on the broadcast's timeline that this connection calls 0. */
  long zeroMs() {
    return zeroMs;
  }

  /** A codec that the destination does not take ends the relay; until then none of it goes out. */
  private boolean carries(Frame frame) {
    if (!RtmpWireFormat.carries(frame, tracks) || !codecs.take(frame.codec())) {
      return false;
    }
    if (awaitsKeyframe && frame.isMedia() && frame.track().isVideo()) {
      awaitsKeyframe = frame.picture() != PictureType.KEY;
      return !awaitsKeyframe;
    }
    return true;
  }

  private void turnWhereDue(LogEntry entry) {
    if (tracks.audio() != wanted.audio()) {
      tracks = new TrackChoice(tracks.video(), wanted.audio());
      turned(new Track(TrackKind.AUDIO, wanted.audio()), entry);
    }
    Frame frame = entry.frame();
    if (tracks.video() != wanted.video()
        && frame.track().isVideo()
        && frame.track().number() == wanted.video()
        && frame.picture() == PictureType.KEY) {
      tracks = wanted;
      awaitsKeyframe = false;
      turned(frame.track(), entry);
    }
  }

  private void turned(Track to, LogEntry entry) {
    configSequence[to.kind().index()] = NOTHING_YET;
    writeConfigsBefore(entry.sequence(), entry.frame().dtsMs(), List.of(to));
  }

  private void writeConfigsBefore(long sequence, long atMs) {
    writeConfigsBefore(
        sequence,
        atMs,
        List.of(
            Track.DATA,
            new Track(TrackKind.AUDIO, tracks.audio()),
            new Track(TrackKind.VIDEO, tracks.video())));
  }

  private void writeConfigsBefore(long sequence, long atMs, List<Track> of) {
    List<LogEntry> configs = new ArrayList<>();
    log.configsBefore(sequence, of, configs);
    for (LogEntry config : configs) {
      writeConfig(config, atMs);
    }
  }

  private void writeConfig(LogEntry entry, long atMs) {
    int kind = entry.frame().track().kind().index();
    if (configSequence[kind] >= entry.sequence() || !carries(entry.frame())) {
      return;
    }
    configSequence[kind] = entry.sequence();
    long notBefore = Math.max(atMs, Math.max(zeroMs, lastMs[kind]));
    if (entry.frame().track().equals(Track.DATA)) {
      put(format.data(entry.frame(), notBefore - zeroMs, wire.messageStreamId()));
    } else {
      writeTimed(entry, notBefore);
    }
  }

  private void writeTimed(LogEntry entry, long dtsMs) {
    Frame frame = entry.frame();
    int kind = frame.track().kind().index();
    long last = lastMs[kind];
    lastMs[kind] = dtsMs;
    if (last == NOTHING_YET) {
      put(format.full(frame, dtsMs - zeroMs, wire.messageStreamId()));
    } else if (last == entry.previousMs() && dtsMs == frame.dtsMs()) {
      ByteBuf image = entry.image(format);
      put(image.retainedDuplicate());
    } else if (format.sharesAllButTheHeader(entry, dtsMs - last)) {
      put(format.headerWithDelta(entry, dtsMs - last));
      put(format.sharedRest(entry));
    } else {
      put(format.withDelta(frame, dtsMs - last));
    }
  }

  private void put(@Owned ByteBuf chunks) {
    bytes += chunks.readableBytes();
    wire.write(chunks);
  }
}
