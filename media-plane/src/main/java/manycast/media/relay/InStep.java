package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.CursorReader;
import manycast.media.broadcast.LogRun;
import manycast.media.frame.TrackKind;
import manycast.media.loops.SharedWrites;
import manycast.media.loops.StraightSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a broadcast that are in step: they have had all that came, so they differ in
 * their sockets only. One cursor and one set of counters serve for all of them, and a run of shared
 * images is one call of the kernel for each. Whoever falls out of step takes up its own cursor
 * where the others are. Belongs to the broadcast's loop.
 */
final class InStep implements CursorReader {
  /** Older entries than this are sent at a bounded pace, by each connection itself. */
  static final int FRESH_MS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(InStep.class);

  private final RtmpWireFormat format;
  private final SharedWrites writes;
  private final Cursor cursor;
  // Apart from the members: sending touches nothing of a connection but its socket.
  private @Nullable StraightSocket[] sockets = new @Nullable StraightSocket[8];
  private @Nullable Place[] places = new @Nullable Place[8];
  private int size;
  private final List<Fallen> fallen = new ArrayList<>();
  private final Given given = new Given();
  private boolean giving;
  private long frames;
  private long bytes;
  private final long[] lastMs = new long[TrackKind.COUNT];
  private long sentAtMs;

  /** A connection while it is in step. */
  interface Member {
    StraightSocket socket();

    /** Its own place in the log, parked while it is in step. */
    Cursor cursor();

    /**
     * It was sent this since it came, or was last told; its cursor is behind all of it.
     *
     * @param lastMs the last time of the default track of each kind
     */
    void sent(long frames, long bytes, long[] lastMs, long atMs);

    /** It has left, and of the last run that it was told of, its socket took so many bytes. */
    void tookPartOf(LogRun run, long written);

    /** It has left, because this happened when its socket was written to. */
    void broke(Exception fault);

    /** It has left: what comes next is not the same for all. */
    void goOn(long nowMs);
  }

  private record Fallen(Place place, long written, @Nullable Exception fault) {}

  /** Nobody is in step at first. */
  InStep(BroadcastLog log, RtmpWireFormat format, SharedWrites writes) {
    this.format = format;
    this.writes = writes;
    this.cursor = log.openParked(this);
  }

  /**
   * Takes in a connection that is to be sent what comes next like any other: it has written all
   * that is in the log, and its socket is clear.
   *
   * @return its place, or null where the others are not at the head yet
   */
  @Nullable Place enter(Member member, long nowMs) {
    if (giving || !isAtHead(nowMs)) {
      return null;
    }
    try {
      member.cursor().park();
    } catch (RuntimeException e) {
      parkWhenAlone();
      throw e;
    }
    if (size == sockets.length) {
      sockets = Arrays.copyOf(sockets, 2 * size);
      places = Arrays.copyOf(places, 2 * size);
    }
    Place place = new Place(member, size);
    sockets[size] = member.socket();
    places[size] = place;
    size++;
    return place;
  }

  /** What goes wrong with the place of all is no fault of who wants to come in. */
  private boolean isAtHead(long nowMs) {
    offered(nowMs);
    try {
      if (size == 0) {
        cursor.moveToHead();
        cursor.leave();
      }
      return cursor.isAtHead();
    } catch (RuntimeException e) {
      LOG.error("nobody can come into step", e);
      breakUp(nowMs);
      return false;
    }
  }

  @Override
  public void offered(long nowMs) {
    try {
      while (size > 0 && !giving && !cursor.isAtHead()) {
        LogRun run = cursor.run(format, nowMs);
        if (run == null || nowMs - run.arrivalMs() >= FRESH_MS) {
          breakUp(nowMs);
          return;
        }
        give(run, nowMs);
      }
    } catch (RuntimeException e) {
      LOG.error("connections in step could not be served together", e);
      breakUp(nowMs);
    }
  }

  /** Gives up the place in the log; nobody may come any more. */
  void close() {
    cursor.close();
  }

  /** Sending and what follows from it for single ones are apart: the latter may call back here. */
  private void give(LogRun run, long nowMs) {
    cursor.pass(run);
    giving = true;
    given.run = run;
    try {
      writes.write(sockets, size, given, given);
    } catch (RuntimeException e) {
      // Who was sent how much is not known: none of these connections can go on.
      LOG.error("those in step could not be written to", e);
      fallen.clear();
      for (int i = 0; i < size; i++) {
        given.broke(i, e);
      }
    }
    frames += run.count();
    bytes += run.bytes();
    for (int kind = 0; kind < lastMs.length; kind++) {
      lastMs[kind] = run.lastMs(kind);
    }
    sentAtMs = nowMs;
    if (!fallen.isEmpty()) {
      partWithFallen(run);
    }
    giving = false;
  }

  private void partWithFallen(LogRun run) {
    List<Fallen> now = List.copyOf(fallen);
    fallen.clear();
    for (Fallen one : now) {
      if (!one.place.isLeft() && part(one.place)) {
        try {
          one.place.member.tookPartOf(run, one.written);
          if (one.fault != null) {
            one.place.member.broke(one.fault);
          }
        } catch (RuntimeException e) {
          one.place.member.broke(e);
        }
      }
    }
  }

  /** What goes wrong when one leaves is that one's own. */
  private static boolean part(Place place) {
    try {
      place.leave();
      return true;
    } catch (RuntimeException e) {
      place.member.broke(e);
      return false;
    }
  }

  /** A place that nobody moves on would hold the log. */
  private void parkWhenAlone() {
    if (size == 0) {
      cursor.park();
    }
  }

  private Place placeAt(int index) {
    return Objects.requireNonNull(places[index]);
  }

  /** Each goes on by itself; those that get to the head come in again. */
  private void breakUp(long nowMs) {
    giving = false;
    List<Member> members = new ArrayList<>(size);
    while (size > 0) {
      Place last = placeAt(size - 1);
      if (part(last)) {
        members.addFirst(last.member);
      }
    }
    for (Member member : members) {
      member.goOn(nowMs);
    }
  }

  /** What is being written, and who does not take all of it. */
  private final class Given implements SharedWrites.Pieces, SharedWrites.Shortfall {
    private @Nullable LogRun run;

    private LogRun run() {
      return Objects.requireNonNull(run);
    }

    @Override
    public @Nullable ByteBuf[] images() {
      return run().images();
    }

    @Override
    public int count() {
      return run().count();
    }

    @Override
    public int bytes() {
      return run().bytes();
    }

    @Override
    public int filled() {
      return run().filled();
    }

    @Override
    public void took(int index, long written) {
      fallen.add(new Fallen(placeAt(index), written, null));
    }

    @Override
    public void broke(int index, Exception fault) {
      fallen.add(new Fallen(placeAt(index), 0, fault));
    }
  }

  /** Where one connection stands among the others. */
  final class Place {
    private final Member member;
    private int index;
    private long framesTold = frames;
    private long bytesTold = bytes;

    private Place(Member member, int index) {
      this.member = member;
      this.index = index;
    }

    /** Tells the member what it was sent. */
    void settle() {
      if (bytes != bytesTold) {
        member.cursor().follow(cursor);
        long newFrames = frames - framesTold;
        long newBytes = bytes - bytesTold;
        framesTold = frames;
        bytesTold = bytes;
        member.sent(newFrames, newBytes, lastMs, sentAtMs);
      }
    }

    /** Falls out of step: the member's cursor goes on from here. */
    void leave() {
      if (isLeft()) {
        return;
      }
      size--;
      Place last = placeAt(size);
      places[index] = last;
      sockets[index] = sockets[size];
      last.index = index;
      places[size] = null;
      sockets[size] = null;
      index = -1;
      parkWhenAlone();
      settle();
      member.cursor().leave();
    }

    boolean isLeft() {
      return index < 0;
    }
  }
}
