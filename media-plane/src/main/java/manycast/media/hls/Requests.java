package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.EndReason;
import org.jspecify.annotations.Nullable;

/**
 * What players ask of one broadcast's window, answered at once or as soon as it is there. Belongs
 * to the broadcast's loop.
 */
final class Requests {
  /** How long the first segment is waited for: a second with pictures, two with late sound. */
  private static final int FIRST_SEGMENT_MS = 5_000;

  private final long epoch;
  private final Window window;
  private final Promise promise;
  private final Waiting waiting;
  private @Nullable EndReason ended;

  /** Nobody has asked yet. */
  Requests(EventLoop loop, long epoch, Window window, Promise promise) {
    this.epoch = epoch;
    this.window = window;
    this.promise = promise;
    this.waiting = Waiting.on(loop);
  }

  /** The playlist as it is, or as soon as it is as the request wants it. */
  void playlist(PlaylistRequest request, Consumer<Answer> to) {
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
          return there || hasEnded() ? playlist() : null;
        },
        blockMs(),
        to);
  }

  /** A media file; the part that playlists announce is waited for. */
  void file(MediaName name, Consumer<Answer> to) {
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

  /** Something is there that may have been waited for. */
  void retry() {
    waiting.retry();
  }

  /** No media follow. */
  void end(EndReason reason) {
    ended = reason;
    waiting.retry();
  }

  boolean hasEnded() {
    return ended != null;
  }

  /** What is waited for does not come. */
  void refuseAll() {
    waiting.refuseAll(new Answer.Refused(503, "the preview has stopped"));
  }

  /** Whether nobody waits. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  private @Nullable Answer playlist() {
    Targets promised = promise.now();
    if (promised == null || !window.hasSegment()) {
      return null;
    }
    promise.given(Broadcast.nowMs());
    return new Answer.Playlist(
        window.playlist(promised, hasEnded() && ended != EndReason.HANDED_OVER));
  }

  private boolean isAnnounced(MediaName name) {
    return !hasEnded()
        && name instanceof MediaName.Slice(long of, long segment, int part)
        && of == epoch
        && segment == window.nextSegment()
        && part == window.nextPart();
  }

  private int blockMs() {
    Targets promised = promise.now();
    return promised == null ? FIRST_SEGMENT_MS : promised.blockMs();
  }
}
