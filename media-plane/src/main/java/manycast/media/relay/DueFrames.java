package manycast.media.relay;

import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * How many frames a destination was to get of a broadcast: all of its tracks that came while it was
 * enabled, and once more those that it was sent again because a new connection begins at a
 * keyframe. What it was sent and what is due differ by what it has missed, to the frame. Worked out
 * from places in the log when somebody asks, so that no frame costs anything. Belongs to the
 * broadcast's loop.
 */
final class DueFrames {
  /** While nothing is sent, what came within this time, and the delay, is not due yet. */
  private static final int SOON_MS = 500;

  private final BroadcastLog log;

  /** Of earlier spans and connections. */
  private long before;

  private TrackChoice tracks = TrackChoice.DEFAULT;
  private boolean counting;

  /** How many had come when it began to count, but for those that came too early for anybody. */
  private long passed;

  /** All before this place in the log is due. */
  private long reached;

  /** What a connection yields that lies before this place was sent before, or is not due. */
  private long delivered;

  /** How many of the first frames of the present connection were sent before. */
  private long again;

  /** A connection that the destination is sent media over. */
  interface Sender {
    Cursor cursor();

    /** Up to where in the log it has been given what there is. */
    long position();

    /** Frames that its socket has taken whole. */
    long framesSent();

    /** Frames that its cursor has yielded and its socket has not taken. */
    long framesQueued();
  }

  /**
   * Nothing counts yet.
   *
   * @param before what another process counted of this broadcast and destination
   */
  DueFrames(BroadcastLog log, long before) {
    this.log = log;
    this.before = before;
  }

  /**
   * The destination is enabled.
   *
   * @param fromFirstStart whether it is to have all from the broadcast's first start point on, and
   *     not what comes from now on
   */
  void begin(TrackChoice of, boolean fromFirstStart) {
    tracks = of;
    counting = true;
    reached = fromFirstStart ? 0 : log.head();
    delivered = reached;
    passed = fromFirstStart ? 0 : countBefore(reached) - countEarly();
    again = 0;
  }

  /** From here on it is to have other tracks. */
  void choose(TrackChoice other, @Nullable Sender sender, int delayMs, long nowMs) {
    if (!counting || other.equals(tracks)) {
      return;
    }
    long here = here(sender, delayMs, nowMs);
    before += span(here);
    tracks = other;
    passed = countBefore(here) - countEarly();
  }

  /** A connection begins to be sent what comes from this place on, of which nothing was read. */
  void connected(Cursor place, long nowMs) {
    place.jumpIfLate(nowMs);
    again = countAgain(place);
  }

  /** The cursor of a connection has jumped, and has yielded nothing since. */
  void jumped(Sender sender) {
    again =
        Math.min(again, sender.framesSent() + sender.framesQueued()) + countAgain(sender.cursor());
  }

  /** A connection that was sent media is over. */
  void left(Sender over) {
    before += sentAgain(over);
    again = 0;
    reached = Math.max(reached, over.position());
    Cursor place = over.cursor();
    delivered =
        Math.max(
            delivered, place.placeOfLast(over.framesQueued(), tracks::includes, showsFrom(place)));
  }

  /** Nothing that comes from now on is due. */
  void stop(int delayMs, long nowMs) {
    before = total(null, delayMs, nowMs);
    counting = false;
  }

  /**
   * All so far. What waits for the connection's socket, or for its cursor, is left out: it is late,
   * but not missing.
   */
  long total(@Nullable Sender sender, int delayMs, long nowMs) {
    if (!counting) {
      return before;
    }
    long due = before + span(here(sender, delayMs, nowMs));
    if (sender == null) {
      return due;
    }
    boolean onlyAgain = sender.position() < reached;
    return due + sentAgain(sender) - (onlyAgain ? 0 : sender.framesQueued());
  }

  private long countAgain(Cursor place) {
    return place.countUpTo(delivered, tracks::includes, showsFrom(place));
  }

  /** A start point is a keyframe of the default track; another one waits for its own. */
  private long showsFrom(Cursor place) {
    return tracks.isDefault() ? 0 : place.showsFrom(tracks.videoTrack());
  }

  private long sentAgain(Sender sender) {
    return Math.min(again, sender.framesSent());
  }

  private long here(@Nullable Sender sender, int delayMs, long nowMs) {
    return Math.max(
        reached,
        sender == null ? log.firstArrivedFrom(nowMs - delayMs - SOON_MS) : sender.position());
  }

  private long span(long to) {
    return Math.max(0, countBefore(to) - countEarly() - passed);
  }

  private long countEarly() {
    return log.countEarly(tracks.videoTrack()) + log.countEarly(tracks.audioTrack());
  }

  private long countBefore(long sequence) {
    return log.countBefore(sequence, tracks.videoTrack())
        + log.countBefore(sequence, tracks.audioTrack());
  }
}
