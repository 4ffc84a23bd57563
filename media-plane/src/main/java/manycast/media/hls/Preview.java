package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.CursorReader;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.MediaMemory;
import manycast.media.broadcast.TrackFigures;
import manycast.media.frame.Frame;
import manycast.media.frame.Track;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The preview of one broadcast: a cursor on its log while somebody watches, the window of segments
 * that it is cut into, and the requests for them. What is not said to be safe from any thread
 * belongs to the broadcast's loop.
 */
final class Preview implements CursorReader {
  private static final Logger LOG = LoggerFactory.getLogger(Preview.class);

  private static final int LONGEST_LOOK_MS = 5_000;

  /** How long the first segment is waited for: a second with pictures, two with late sound. */
  private static final int FIRST_SEGMENT_MS = 5_000;

  /** A still is looked for among so many entries behind a start point. */
  private static final int STILL_ENTRIES = 64;

  /** After so many faults it stays off for this broadcast. */
  private static final int MOST_FAULTS = 5;

  private final Broadcast broadcast;
  private final MediaMemory memory;
  private final int idleMs;
  private final PreviewShare share;
  private final Window window;
  private final Waiting waiting;
  private final Runnable whenOver;
  private final @Nullable Recording recording;
  private final Promise promise;
  private @Nullable Cursor cursor;
  private @Nullable Runs runs;
  private @Nullable Future<?> looking;
  private @Nullable EndReason ended;
  private volatile long lastRequestMs;

  /**
   * Until then what came last of an ended broadcast can be watched, whether anybody does or not.
   */
  private long keptUntilMs;

  private int faults;

  /**
   * A preview that nobody watches yet.
   *
   * @param idleMs without a request for so long, nobody does
   * @param recording is given every segment, watched or not; null for none
   * @param whenOver told when it is of no use any more
   */
  Preview(
      Broadcast broadcast,
      MediaMemory memory,
      int idleMs,
      @Nullable Recording recording,
      Runnable whenOver) {
    this.broadcast = broadcast;
    this.recording = recording;
    this.promise = new Promise(recording != null);
    this.memory = memory;
    this.idleMs = idleMs;
    this.lastRequestMs = Broadcast.nowMs() - idleMs - 1;
    this.keptUntilMs = lastRequestMs;
    this.whenOver = whenOver;
    this.share = new PreviewShare(memory);
    this.waiting = Waiting.on(broadcast.loop());
    this.window = new Window(broadcast.claim().epoch(), share, this::changed, this::record);
    if (recording != null) {
      start(broadcast.log().openAtFirstStart(this));
    }
  }

  /** The loop that all else here is called on; safe from any thread. */
  EventLoop loop() {
    return broadcast.loop();
  }

  /** Whether somebody has asked for something not long ago; safe from any thread. */
  boolean isWatchedNow() {
    return Broadcast.nowMs() - lastRequestMs <= idleMs;
  }

  /** Media bytes that it holds; safe from any thread. */
  long held() {
    return share.held();
  }

  /** The playlist as it is, or as soon as it is as the request wants it. */
  void playlist(PlaylistRequest request, Consumer<Answer> to) {
    if (!isWatched()) {
      to.accept(Answer.NOT_FOUND);
      return;
    }
    Long segment = request.segment();
    if (segment == null || !window.hasSegment()) {
      waiting.answer(this::playlist, FIRST_SEGMENT_MS, to);
      return;
    }
    if (segment > window.nextSegment() + 1) {
      to.accept(
          new Answer.Refused(
              400, "segment " + segment + " is too far ahead of " + window.nextSegment()));
      return;
    }
    Integer part = request.part();
    waiting.answer(
        () -> {
          boolean there = part == null ? window.nextSegment() > segment : window.has(segment, part);
          return there || ended != null ? playlist() : null;
        },
        blockMs(),
        to);
  }

  /** A media file; the part that playlists announce is waited for. */
  void file(MediaName name, Consumer<Answer> to) {
    if (!isWatched()) {
      to.accept(Answer.NOT_FOUND);
      return;
    }
    waiting.answer(
        () -> {
          ByteBuf bytes = window.file(name);
          if (bytes != null) {
            return new Answer.Media(bytes, true);
          }
          return isAnnounced(name) ? null : Answer.NOT_FOUND;
        },
        blockMs(),
        to);
  }

  /** The newest keyframe as a film of one picture. Nobody watches for that. */
  void still(Consumer<Answer> to) {
    Cursor looking = broadcast.log().openAtNewestStart(_ -> {}, 0, Broadcast.nowMs());
    try {
      LogEntry entry = looking.next(Broadcast.nowMs());
      for (int i = 0; entry != null && i < STILL_ENTRIES; i++) {
        if (entry.frame().keyframe() && entry.frame().track().equals(Track.VIDEO)) {
          List<LogEntry> configs = new ArrayList<>();
          broadcast.log().configsBefore(entry.sequence(), List.of(Track.VIDEO), configs);
          ByteBuf bytes = Still.of(configs, entry.frame());
          if (bytes != null) {
            to.accept(new Answer.Media(bytes, false));
            return;
          }
        }
        entry = looking.next(Broadcast.nowMs());
      }
    } finally {
      looking.close();
    }
    to.accept(Answer.NOT_FOUND);
  }

  /** The encoder is gone; what it sent last can be watched to its end. */
  void interrupted() {
    guard(
        () -> {
          if (runs != null) {
            read(Broadcast.nowMs());
            runs.interrupt();
          }
        });
  }

  /** The broadcast has ended: what is left becomes the last segment. */
  void ended(EndReason reason) {
    guard(
        () -> {
          if (runs != null) {
            read(Broadcast.nowMs());
            runs.interrupt();
          }
        });
    closeCursor();
    ended = reason;
    if (recording != null) {
      recording.end();
    }
    waiting.retry();
    if (window.hasSegment()) {
      keptUntilMs = Broadcast.nowMs() + idleMs;
    } else {
      stop();
      whenOver.run();
    }
  }

  /** Nothing is asked of it any more. */
  void close() {
    ended = EndReason.SHUTDOWN;
    stop();
    whenOver.run();
  }

  @Override
  public void offered(long nowMs) {
    guard(() -> read(nowMs));
  }

  private void read(long nowMs) {
    Cursor reading = cursor;
    Runs cut = runs;
    if (reading == null || cut == null) {
      return;
    }
    LogEntry entry = reading.next(nowMs);
    while (entry != null) {
      Instant arrived = Instant.now().minusMillis(Math.max(0, nowMs - entry.arrivalMs()));
      if (reading.takeJump()) {
        cut.interrupt();
        List<LogEntry> configs = new ArrayList<>();
        broadcast
            .log()
            .configsBefore(reading.startSequence(), List.of(Track.AUDIO, Track.VIDEO), configs);
        configs.forEach(config -> cut.frame(config.frame(), arrived));
      }
      cut.frame(entry.frame(), arrived);
      entry = reading.next(nowMs);
    }
    cut.caughtUp(!window.hasSegment());
    if (window.hasOverflowed()) {
      LOG.warn(
          "broadcast {}: its preview has no room and begins anew", broadcast.claim().broadcastId());
      stop();
    }
  }

  /** Notes that somebody watches, and answers whether there is something to watch. */
  private boolean isWatched() {
    long nowMs = Broadcast.nowMs();
    lastRequestMs = nowMs;
    promise.asked(nowMs);
    startUnlessRunning();
    return runs != null || window.hasSegment();
  }

  private void startUnlessRunning() {
    if (runs == null && ended == null && faults < MOST_FAULTS && !memory.isScarce()) {
      start(broadcast.log().openAtNewestStart(this, 0, Broadcast.nowMs()));
    }
  }

  private void start(Cursor from) {
    runs =
        new Runs(
            window.hasHistory(),
            broadcast.log()::hasPictures,
            this::targets,
            room().segmentBytes(),
            window,
            PooledByteBufAllocator.DEFAULT);
    cursor = from;
    if (looking == null) {
      int every = Math.min(LONGEST_LOOK_MS, idleMs);
      looking = loop().scheduleAtFixedRate(this::look, every, every, TimeUnit.MILLISECONDS);
    }
    guard(() -> read(Broadcast.nowMs()));
  }

  private Room room() {
    return recording == null ? Room.WATCHED : Room.STORED;
  }

  private Targets targets(List<Frame> first) {
    TrackFigures video = broadcast.ingest().video();
    Targets.Encoder known =
        new Targets.Encoder(broadcast.log().groupMs(), video == null ? 0 : video.frameRate());
    Targets before = promise.now();
    Targets chosen = promise.forRun(Targets.of(first, known, room()), Broadcast.nowMs());
    if (before != null && !before.equals(chosen)) {
      // What was cut by the old ones may break the new ones, and no player knows of it.
      window.clear();
    }
    return chosen;
  }

  private void changed() {
    Targets promised = promise.now();
    if (promised != null) {
      window.trim(promised, memory.isScarce());
    }
    waiting.retry();
  }

  private void record(Segment segment) {
    Targets promised = promise.now();
    if (recording != null && promised != null) {
      recording.add(
          new RecordedSegment(
              segment.number(),
              Window.bytesOf(segment.parts()),
              segment.init(),
              window.init(segment.init()),
              segment.discontinuity(),
              segment.at(),
              segment.micros(),
              promised.segmentSeconds()));
    }
  }

  private @Nullable Answer playlist() {
    Targets promised = promise.now();
    if (promised == null || !window.hasSegment()) {
      return null;
    }
    promise.given(Broadcast.nowMs());
    return new Answer.Playlist(
        window.playlist(promised, ended != null && ended != EndReason.HANDED_OVER));
  }

  private boolean isAnnounced(MediaName name) {
    return ended == null
        && name instanceof MediaName.Slice(long epoch, long segment, int part)
        && epoch == broadcast.claim().epoch()
        && segment == window.nextSegment()
        && part == window.nextPart();
  }

  private int blockMs() {
    Targets promised = promise.now();
    return promised == null ? FIRST_SEGMENT_MS : promised.blockMs();
  }

  private void look() {
    if (recording != null && ended == null) {
      startUnlessRunning();
    } else if (waiting.isEmpty() && !isWatchedNow() && Broadcast.nowMs() > keptUntilMs) {
      stop();
      if (ended != null) {
        whenOver.run();
      }
    }
  }

  private void stop() {
    closeCursor();
    if (runs != null) {
      runs.release();
      runs = null;
    }
    window.clear();
    waiting.refuseAll(new Answer.Refused(503, "the preview has stopped"));
    if (recording == null || ended != null) {
      stopLooking();
    }
  }

  private void stopLooking() {
    Future<?> timer = looking;
    if (timer != null) {
      timer.cancel(false);
      looking = null;
    }
  }

  private void closeCursor() {
    Cursor open = cursor;
    if (open != null) {
      open.close();
      cursor = null;
    }
  }

  /** Nothing that goes wrong here may reach the log or its other readers. */
  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      faults++;
      LOG.error("broadcast {}: its preview failed", broadcast.claim().broadcastId(), e);
      stop();
    }
  }
}
