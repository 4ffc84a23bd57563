package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.CursorReader;
import manycast.media.broadcast.Frames;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Frame;
import manycast.media.testing.Seeds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DueFramesTest {
  private final BroadcastLog log = new BroadcastLog(new MediaMemory(1 << 30), LogBounds.STANDARD);
  private final DueFrames due = new DueFrames(log, 0);
  private long nowMs = 10_000;

  /**
   * A connection whose socket takes as much as it is told to. It is sent the tracks it is to have,
   * their pictures from a keyframe of their own on.
   */
  private static final class Connection implements DueFrames.Sender {
    private final Cursor cursor;
    private final TrackChoice tracks;
    private final Set<Long> taken;
    private final ArrayDeque<Long> queued = new ArrayDeque<>();
    private boolean awaitsKeyframe;
    private long sent;

    Connection(Cursor cursor, TrackChoice tracks, Set<Long> taken) {
      this.cursor = cursor;
      this.tracks = tracks;
      this.taken = taken;
    }

    void read(int entries, long nowMs) {
      LogEntry entry = entries == 0 ? null : cursor.next(nowMs);
      for (int i = 1; entry != null; i++) {
        awaitsKeyframe |= cursor.takeJump() && !tracks.isDefault();
        Frame frame = entry.frame();
        if (frame.isMedia() && tracks.includes(frame.track())) {
          awaitsKeyframe &= !(frame.track().isVideo() && frame.keyframe());
          if (!awaitsKeyframe || frame.track().isAudio()) {
            queued.add(entry.sequence());
          }
        }
        entry = i < entries ? cursor.next(nowMs) : null;
      }
    }

    void take(int frames) {
      for (int i = 0; i < frames && !queued.isEmpty(); i++) {
        taken.add(queued.removeFirst());
        sent++;
      }
    }

    @Override
    public Cursor cursor() {
      return cursor;
    }

    @Override
    public long position() {
      return cursor.position();
    }

    @Override
    public long framesSent() {
      return sent;
    }

    @Override
    public long framesQueued() {
      return queued.size();
    }
  }

  /** Tells of the jumps of the present connection. */
  private static final class Reader implements CursorReader {
    private final DueFrames due;
    private @Nullable Connection connection;

    Reader(DueFrames due) {
      this.due = due;
    }

    @Override
    public void offered(long nowMs) {}

    @Override
    public void jumped() {
      if (connection != null) {
        due.jumped(connection);
      }
    }
  }

  private void append(Frame frame) {
    nowMs += 10;
    log.append(frame, nowMs);
  }

  private Connection connect(Cursor place, TrackChoice tracks) {
    due.connected(place, nowMs);
    return new Connection(place, tracks, new HashSet<>());
  }

  @Test
  void whoeverGetsAllFromTheFirstKeyframeOnMissesNothing() {
    due.begin(TrackChoice.DEFAULT, true);
    Cursor place = log.openAtFirstStart(_ -> {});
    append(Frames.inter(0, 10));
    append(Frames.audio(0, 10));
    append(Frames.audio(45, 10));
    append(Frames.keyframe(40, 10));
    append(Frames.audio(30, 10));
    append(Frames.inter(60, 10));
    Connection only = connect(place, TrackChoice.DEFAULT);
    only.read(10, nowMs);
    only.take(2);

    assertThat(due.total(only, 0, nowMs)).as("one waits for the socket").isEqualTo(2);
    only.take(1);
    due.left(only);
    due.stop(0, nowMs + 1_000);
    assertThat(due.total(null, 0, nowMs)).isEqualTo(only.framesSent()).isEqualTo(3);
  }

  @Test
  void whatIsSentAgainFromAKeyframeOnIsDueAgain() {
    due.begin(TrackChoice.DEFAULT, true);
    Cursor place = log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(0, 10));
    append(Frames.inter(20, 10));
    append(Frames.inter(40, 10));
    Connection first = connect(place, TrackChoice.DEFAULT);
    first.read(10, nowMs);
    first.take(2);
    due.left(first);
    append(Frames.inter(60, 10));

    Connection second = connect(log.openAtNewestStart(_ -> {}, 0, nowMs), TrackChoice.DEFAULT);
    second.read(10, nowMs);
    second.take(10);
    due.left(second);
    due.stop(0, nowMs + 1_000);

    assertThat(due.total(null, 0, nowMs)).isEqualTo(first.framesSent() + second.framesSent());
  }

  @Test
  void picturesOfAnotherTrackBeforeItsOwnKeyframeAreNotSentAgainAndNotDueAgain() {
    var second = new TrackChoice(1, 0);
    append(Frames.keyframe(0, 10));
    append(Frames.picture(1, 0, true));
    due.begin(second, false);
    log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(20, 10));
    append(Frames.picture(1, 20, true));
    Connection first = connect(log.openAtNewestStart(_ -> {}, 0, nowMs), second);
    append(Frames.keyframe(40, 10));
    append(Frames.picture(1, 40, false));
    append(Frames.audio(45, 10));
    append(Frames.picture(1, 60, false));
    first.read(10, nowMs);
    first.take(10);
    due.left(first);

    Connection again = connect(log.openAtNewestStart(_ -> {}, 0, nowMs), second);
    append(Frames.picture(1, 80, true));
    again.read(10, nowMs);
    again.take(10);
    due.left(again);
    due.stop(0, nowMs + 1_000);

    assertThat(first.framesSent()).isEqualTo(4);
    assertThat(again.framesSent()).as("the sound, and from the keyframe on").isEqualTo(2);
    assertThat(due.total(null, 0, nowMs)).isEqualTo(6);
  }

  @Test
  void whatComesWhileNothingIsConnectedIsMissingOnceItIsLate() {
    due.begin(TrackChoice.DEFAULT, true);
    log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(0, 10));
    append(Frames.inter(20, 10));

    assertThat(due.total(null, 0, nowMs)).isZero();
    assertThat(due.total(null, 0, nowMs + 1_000)).isEqualTo(2);
    assertThat(due.total(null, 5_000, nowMs + 1_000)).as("it is to wait").isZero();
  }

  @Test
  void nothingIsDueWhileItIsDisabledOrBeforeItWasAdded() {
    append(Frames.keyframe(0, 10));
    append(Frames.inter(20, 10));
    due.begin(TrackChoice.DEFAULT, false);
    append(Frames.inter(40, 10));
    due.stop(0, nowMs + 1_000);
    append(Frames.inter(60, 10));

    assertThat(due.total(null, 0, nowMs + 2_000)).isEqualTo(1);
    due.begin(TrackChoice.DEFAULT, false);
    append(Frames.inter(80, 10));
    assertThat(due.total(null, 0, nowMs + 2_000)).isEqualTo(2);
  }

  @Test
  void tracksThatItIsNotSentAreNotDue() {
    append(Frames.keyframe(0, 10));
    due.begin(new TrackChoice(0, 1), false);
    append(Frames.inter(20, 10));
    append(Frames.audio(20, 10));
    due.choose(TrackChoice.DEFAULT, null, 0, nowMs + 1_000);
    append(Frames.audio(40, 10));

    assertThat(due.total(null, 0, nowMs + 2_000)).isEqualTo(2);
  }

  @Test
  void whatIsDueAndWasNotSentIsWhatNeverArrivedToTheFrame() {
    Seeds.check(300, DueFramesTest::holdsFor);
  }

  /** Whatever comes, and however often a connection stalls, skips, breaks and is made again. */
  private static void holdsFor(Random random) {
    var log = new BroadcastLog(new MediaMemory(1L << 40), LogBounds.STANDARD);
    var due = new DueFrames(log, 0);
    boolean fromFirstStart = random.nextBoolean();
    var tracks = new TrackChoice(random.nextInt(3) / 2, random.nextInt(3) / 2);
    Cursor witness = log.openAtFirstStart(_ -> {});
    var reader = new Reader(due);
    @Nullable Cursor first = fromFirstStart ? log.openAtFirstStart(reader) : null;
    Set<Long> taken = new HashSet<>();
    List<Long> wanted = new ArrayList<>();
    @Nullable Connection connection = null;
    long sentBefore = 0;
    long addedAt = fromFirstStart ? 0 : Long.MAX_VALUE;
    if (fromFirstStart) {
      due.begin(tracks, true);
    }
    long nowMs = 10_000;
    log.append(Frames.videoConfig(0, 1), nowMs);
    long mediaMs = 0;
    int keyframeEvery = 2 + random.nextInt(60);
    for (int step = 0; step < 800; step++) {
      nowMs += random.nextInt(40);
      mediaMs += random.nextInt(40);
      switch (random.nextInt(12)) {
        case 0 -> {
          if (addedAt == Long.MAX_VALUE) {
            addedAt = log.head();
            due.begin(tracks, false);
          }
        }
        case 1 -> {
          if (connection != null && random.nextInt(12) == 0) {
            due.left(connection);
            sentBefore += connection.framesSent();
            connection.cursor().close();
            connection = null;
          } else if (connection == null && addedAt < Long.MAX_VALUE && log.hasStart()) {
            Cursor place = first == null ? log.openAtNewestStart(reader, 0, nowMs) : first;
            first = null;
            due.connected(place, nowMs);
            connection = new Connection(place, tracks, taken);
            reader.connection = connection;
          }
        }
        case 2, 3, 4 -> {
          if (connection != null && random.nextInt(120) > 0) {
            connection.read(random.nextInt(40), nowMs);
            connection.take(random.nextInt(40));
          } else {
            nowMs += random.nextInt(4_000);
          }
        }
        case 5, 6, 7 ->
            log.append(Frames.audio(Math.max(0, mediaMs - random.nextInt(100)), 1), nowMs);
        case 8, 9 ->
            log.append(Frames.picture(1, mediaMs, random.nextInt(keyframeEvery) == 0), nowMs);
        default ->
            log.append(
                random.nextInt(keyframeEvery) == 0
                    ? Frames.keyframe(mediaMs, 1)
                    : Frames.inter(mediaMs, 1),
                nowMs);
      }
      for (LogEntry entry = witness.next(nowMs); entry != null; entry = witness.next(nowMs)) {
        if (entry.sequence() >= addedAt && tracks.includes(entry.frame().track())) {
          wanted.add(entry.sequence());
        }
      }
    }
    if (connection != null) {
      due.left(connection);
      sentBefore += connection.framesSent();
    }
    due.stop(0, nowMs + 1_000);
    wanted.removeIf(taken::contains);
    assertThat(due.total(null, 0, nowMs) - sentBefore).isEqualTo(wanted.size());
    log.close();
  }
}
