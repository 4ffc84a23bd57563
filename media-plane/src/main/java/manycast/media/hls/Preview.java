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
 * The life of one broadcast's preview: it has a cursor on the log and cuts what it reads while
 * somebody watches or a store is set, and ends some time after the broadcast. What is not said to
 * be safe from any thread belongs to the broadcast's loop.
 */
final class Preview implements CursorReader {
  private static final Logger LOG = LoggerFactory.getLogger(Preview.class);

  private static final int LONGEST_LOOK_MS = 5_000;

  /** After so many faults it stays off for this broadcast. */
  private static final int MOST_FAULTS = 5;

  private final Broadcast broadcast;
  private final MediaMemory memory;
  private final int idleMs;
  private final PreviewShare share;
  private final Window window;
  private final Requests requests;
  private final Consumer<Preview> whenOver;
  private final @Nullable Recording recording;
  private final Promise promise;
  private @Nullable Cursor cursor;
  private @Nullable Runs runs;
  private @Nullable Future<?> looking;
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
      Consumer<Preview> whenOver) {
    this.broadcast = broadcast;
    this.recording = recording;
    this.promise = new Promise(recording != null);
    this.memory = memory;
    this.idleMs = idleMs;
    this.lastRequestMs = Broadcast.nowMs() - idleMs - 1;
    this.keptUntilMs = lastRequestMs;
    this.whenOver = whenOver;
    this.share = new PreviewShare(memory);
    this.window = new Window(broadcast.claim().epoch(), share, this::changed, this::record);
    this.requests = new Requests(broadcast.loop(), broadcast.claim().epoch(), window, promise);
    if (recording != null) {
      start(broadcast.log().openAtFirstStart(this));
    }
  }

  /** The loop that all else here is called on; safe from any thread. */
  EventLoop loop() {
    return broadcast.loop();
  }

  /** Whether it is this broadcast's; safe from any thread. */
  boolean isOf(Broadcast other) {
    return broadcast == other;
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
    if (isWatched()) {
      requests.playlist(request, to);
    } else {
      to.accept(Answer.NOT_FOUND);
    }
  }

  /** A media file; the part that playlists announce is waited for. */
  void file(MediaName name, Consumer<Answer> to) {
    if (isWatched()) {
      requests.file(name, to);
    } else {
      to.accept(Answer.NOT_FOUND);
    }
  }

  /** The newest keyframe as a film of one picture. Nobody watches for that. */
  void still(Consumer<Answer> to) {
    ByteBuf film = Still.newestOf(broadcast.log());
    to.accept(film == null ? Answer.NOT_FOUND : new Answer.Media(film, false));
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
    if (recording != null) {
      recording.end();
    }
    requests.end(reason);
    if (window.hasSegment()) {
      keptUntilMs = Broadcast.nowMs() + idleMs;
    } else {
      stop();
      whenOver.accept(this);
    }
  }

  /**
   * Nothing is asked of it any more. Where it has not heard of the broadcast's end, this is it: a
   * recording is ended in any case.
   */
  void close(EndReason reason) {
    if (!requests.hasEnded()) {
      ended(reason);
    }
    stop();
    whenOver.accept(this);
  }

  @Override
  public void offered(long nowMs) {
    // Not by guard: this comes with every frame, and so would a closure.
    try {
      read(nowMs);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void read(long nowMs) {
    Cursor reading = cursor;
    Runs cut = runs;
    if (reading == null || cut == null) {
      return;
    }
    LogEntry entry = reading.next(nowMs);
    while (entry != null) {
      if (reading.takeJump()) {
        cut.interrupt();
        List<LogEntry> configs = new ArrayList<>();
        broadcast
            .log()
            .configsBefore(reading.startSequence(), List.of(Track.AUDIO, Track.VIDEO), configs);
        long arrivalMs = entry.arrivalMs();
        configs.forEach(config -> cut.frame(config.frame(), arrivalMs));
      }
      cut.frame(entry.frame(), entry.arrivalMs());
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
    if (runs == null && !requests.hasEnded() && faults < MOST_FAULTS && !memory.isScarce()) {
      start(broadcast.log().openAtNewestStart(this, 0, Broadcast.nowMs()));
    }
  }

  private void start(Cursor from) {
    runs =
        new Runs(
            window.hasHistory(),
            broadcast.log()::hasPictures,
            this::targets,
            Preview::timeOfDay,
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

  private static Instant timeOfDay(long loopMs) {
    return Instant.now().minusMillis(Math.max(0, Broadcast.nowMs() - loopMs));
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
    requests.retry();
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
              segment.dateTime(),
              segment.micros(),
              promised.segmentSeconds()));
    }
  }

  private void look() {
    if (recording != null && !requests.hasEnded()) {
      startUnlessRunning();
    } else if (requests.isEmpty() && !isWatchedNow() && Broadcast.nowMs() > keptUntilMs) {
      stop();
      if (requests.hasEnded()) {
        whenOver.accept(this);
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
    requests.refuseAll();
    if (recording == null || requests.hasEnded()) {
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
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    faults++;
    LOG.error("broadcast {}: its preview failed", broadcast.claim().broadcastId(), e);
    stop();
  }
}
