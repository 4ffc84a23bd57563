package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import manycast.media.frame.Owned;
import org.jspecify.annotations.Nullable;

/**
 * The newest segments of one broadcast: those that playlists list, and some before them that slow
 * players still fetch. Bounded by time and by bytes. Owns the bytes of all parts in it. Belongs to
 * the broadcast's loop.
 */
final class Window implements Segmenter.Output {
  /** What segments may hold of the 24 MiB of a broadcast; the rest is for slow viewers. */
  static final int MOST_BYTES = 20 << 20;

  private static final long MICROS = 1_000_000;
  private static final int LISTED_TARGETS = 8;
  private static final int KEPT_TARGETS = 12;

  /** A playlist never becomes shorter than that by what is removed (RFC 8216 §6.2.2). */
  private static final int FEWEST_TARGETS = 3;

  /**
   * Not 0, as playlists usually begin: hls.js 1.7 takes each part of a segment 0 for one that was
   * never fetched, and fetches it again and again.
   */
  private static final long FIRST_NUMBER = 1;

  private final long epoch;
  private final PreviewShare memory;
  private final Runnable changed;
  private final Consumer<Segment> completed;
  private final ArrayDeque<Segment> complete = new ArrayDeque<>();
  private final List<byte[]> inits = new ArrayList<>();
  private @Nullable Segment current;
  private long listedFrom;
  private long nextNumber = FIRST_NUMBER;
  private long discontinuities;
  private long bytes;
  private boolean overflowed;

  /**
   * An empty window.
   *
   * @param memory counts what it holds
   * @param changed told whenever a part or segment is there
   * @param completed told of each segment that is complete
   */
  Window(long epoch, PreviewShare memory, Runnable changed, Consumer<Segment> completed) {
    this.epoch = epoch;
    this.memory = memory;
    this.changed = changed;
    this.completed = completed;
  }

  @Override
  public void segment(byte[] init, boolean discontinuity, Instant at) {
    if (discontinuity) {
      discontinuities++;
    }
    current =
        new Segment(
            nextNumber++,
            numberOf(init),
            discontinuity,
            discontinuities,
            at.truncatedTo(ChronoUnit.MILLIS).toString(),
            List.of(),
            false);
  }

  @Override
  public void part(@Owned List<ByteBuf> pieces, Segmenter.Cut cut) {
    PartBytes held = PartBytes.of(pieces, memory);
    Segment growing = current;
    if (held == null || growing == null) {
      overflowed = true;
      if (held != null) {
        held.release();
      }
      return;
    }
    bytes += held.readableBytes();
    current = growing.with(new Part(cut.micros(), cut.independent(), cut.listed(), held));
    if (!cut.last()) {
      changed.run();
    }
  }

  @Override
  public void segmentEnded() {
    Segment whole = current;
    current = null;
    if (whole != null && !whole.parts().isEmpty()) {
      Segment segment = whole.completed();
      complete.addLast(segment);
      completed.accept(segment);
      changed.run();
    } else if (whole != null) {
      nextNumber--;
    }
  }

  /** Whether a segment is complete. */
  boolean hasSegment() {
    return !complete.isEmpty();
  }

  /** Whether another segment has been there before. */
  boolean hasHistory() {
    return nextNumber > FIRST_NUMBER;
  }

  /** Whether the node had no room for a part: what is here has a hole. */
  boolean hasOverflowed() {
    return overflowed;
  }

  /** The first segment that is not complete, there or not. */
  long nextSegment() {
    Segment growing = current;
    return growing == null ? nextNumber : growing.number();
  }

  /** How many parts of that one there are. */
  int nextPart() {
    Segment growing = current;
    return growing == null ? 0 : growing.parts().size();
  }

  /** Whether this part has come; a part beyond a segment's last one is the next one's first. */
  boolean has(long segment, int part) {
    if (segment > nextSegment()) {
      return false;
    }
    if (segment == nextSegment()) {
      return nextPart() > part;
    }
    Segment there = find(segment);
    return there == null || there.parts().size() > part || has(segment + 1, 0);
  }

  /** How much a playlist with these targets lists, in milliseconds of media. */
  static int listedMs(Targets targets) {
    return LISTED_TARGETS * targets.segmentSeconds() * 1000;
  }

  /** What playlists say now; there is a segment. */
  MediaPlaylist playlist(Targets targets, boolean ended) {
    List<Segment> listed = new ArrayList<>();
    for (Segment segment : complete) {
      if (segment.number() >= listedFrom) {
        listed.add(segment);
      }
    }
    Segment growing = current;
    if (growing != null && !growing.parts().isEmpty()) {
      listed.add(growing);
    }
    return new MediaPlaylist(epoch, targets, List.copyOf(listed), nextSegment(), ended);
  }

  /** What a player needs before the segments that name it. */
  byte[] init(int number) {
    return inits.get(number);
  }

  /** The bytes of a file, or null where it is not there. */
  @Owned
  @Nullable ByteBuf file(MediaName name) {
    if (name.epoch() != epoch) {
      return null;
    }
    return switch (name) {
      case MediaName.Init(_, int number) ->
          number < inits.size() ? Unpooled.wrappedBuffer(inits.get(number)) : null;
      case MediaName.Whole(_, long number) -> {
        Segment segment = find(number);
        yield segment == null || !segment.complete() ? null : bytesOf(segment.parts());
      }
      case MediaName.Slice(_, long number, int part) -> {
        Segment segment = find(number);
        yield segment == null || part >= segment.parts().size()
            ? null
            : bytesOf(segment.parts().subList(part, part + 1));
      }
    };
  }

  /**
   * Drops what is too old or too much. A playlist keeps what it needs, unless that is more than may
   * be held.
   *
   * @param scarce whether to keep no more than a playlist needs
   */
  void trim(Targets targets, boolean scarce) {
    long target = targets.segmentSeconds() * MICROS;
    while ((scarce || isTooMuch(target)) && isEnoughWithoutOldest(target)) {
      drop();
    }
    while (complete.size() > 1 && bytes > MOST_BYTES) {
      drop();
    }
    long listed = 0;
    Iterator<Segment> newestFirst = complete.descendingIterator();
    while (newestFirst.hasNext()) {
      Segment segment = newestFirst.next();
      listed += segment.micros();
      if (listed > LISTED_TARGETS * target) {
        // Playlists only lose segments from the front (RFC 8216 §6.2.1).
        listedFrom = Math.max(listedFrom, segment.number() + 1);
        break;
      }
    }
  }

  /** Lets go of everything; numbers go on. */
  void clear() {
    while (!complete.isEmpty()) {
      drop();
    }
    Segment growing = current;
    if (growing != null) {
      release(growing);
      current = null;
    }
    listedFrom = nextNumber;
    overflowed = false;
  }

  private boolean isTooMuch(long target) {
    return memory.held() > MOST_BYTES || Segment.micros(complete) > KEPT_TARGETS * target;
  }

  private boolean isEnoughWithoutOldest(long target) {
    return complete.size() > 1
        && Segment.micros(complete) - complete.getFirst().micros() >= FEWEST_TARGETS * target;
  }

  private void drop() {
    Segment oldest = complete.removeFirst();
    release(oldest);
    listedFrom = Math.max(listedFrom, oldest.number() + 1);
  }

  private void release(Segment segment) {
    bytes -= segment.bytes();
    segment.parts().forEach(part -> part.bytes().release());
  }

  private @Nullable Segment find(long number) {
    Segment growing = current;
    if (growing != null && growing.number() == number) {
      return growing;
    }
    for (Segment segment : complete) {
      if (segment.number() == number) {
        return segment;
      }
    }
    return null;
  }

  private int numberOf(byte[] init) {
    int last = inits.size() - 1;
    if (last < 0 || !Arrays.equals(inits.get(last), init)) {
      inits.add(init);
    }
    return inits.size() - 1;
  }

  /** The bytes of these parts, one after the other. */
  static @Owned ByteBuf bytesOf(List<Part> parts) {
    ByteBuf[] pieces = parts.stream().map(part -> part.bytes().retain()).toArray(ByteBuf[]::new);
    return pieces.length == 1 ? pieces[0].slice() : Unpooled.wrappedBuffer(pieces.length, pieces);
  }
}
