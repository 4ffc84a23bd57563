package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import manycast.media.frame.Frame;
import manycast.media.testing.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Whatever is appended and whoever joins, stalls, skips and changes its delay: what a cursor yields
 * is decodable from its first picture on, in order and once, nothing before its time, and what it
 * left out is counted.
 */
class CursorPropertyTest {
  private static final LogBounds BOUNDS = new LogBounds(4_000, 60_000, 9_000, 120_000);

  /** A cursor, and all that it has yielded. */
  private static final class Reader {
    private final Cursor cursor;
    private final List<LogEntry> yielded = new ArrayList<>();
    private int stalledSteps;
    private int jumps;
    private int wantedJumps;
    private long place = -1;
    private long startSequence = -1;
    private long leftBeforeFirstLeap = Long.MAX_VALUE;

    Reader(Cursor cursor) {
      this.cursor = cursor;
    }

    /** It may leap and yield nothing, because nothing there is due. */
    private void noteLeap() {
      if (cursor.startSequence() != startSequence) {
        startSequence = cursor.startSequence();
        if (!yielded.isEmpty() && leftBeforeFirstLeap == Long.MAX_VALUE) {
          leftBeforeFirstLeap = place - 1;
        }
      }
      place = Math.max(place, cursor.position());
    }

    void read(long nowMs) {
      while (true) {
        int before = cursor.delayMs();
        LogEntry entry = cursor.next(nowMs);
        int delay = cursor.delayMs();
        noteLeap();
        if (entry == null) {
          return;
        }
        assertThat(nowMs - entry.arrivalMs())
            .as("not before its time")
            .isGreaterThanOrEqualTo(delay);
        if (cursor.takeJump()) {
          jumps++;
          wantedJumps += delay < before ? 1 : 0;
          assertThat(entry.frame().dtsMs()).isGreaterThanOrEqualTo(cursor.startMs());
        }
        if (entry.frame().isMedia()) {
          assertThat(entry.frame().dtsMs())
              .as("nothing from before the start point")
              .isGreaterThanOrEqualTo(
                  entry.frame().track().isAudio() ? cursor.startMs() : Long.MIN_VALUE);
        }
        yielded.add(entry);
      }
    }
  }

  @Test
  void whatACursorYieldsIsDecodableInOrderOnceAndCounted() {
    Seeds.check(300, CursorPropertyTest::holdsFor);
  }

  private static void holdsFor(Random random) {
    MediaMemory memory = new MediaMemory(random.nextInt(4) == 0 ? 90_000 : 1L << 40);
    BroadcastLog log = new BroadcastLog(memory, BOUNDS);
    List<LogEntry> appended = new ArrayList<>();
    List<Reader> readers = new ArrayList<>();
    long nowMs = 10_000;
    long mediaMs = 0;
    int keyframeEvery = 1 + random.nextInt(40);
    boolean hasVideo = random.nextInt(5) > 0;
    boolean hasAudio = !hasVideo || random.nextInt(4) > 0;
    for (int step = 0; step < 600; step++) {
      nowMs += random.nextInt(60);
      mediaMs += random.nextInt(60);
      int choice = random.nextInt(30);
      switch (choice) {
        case 0 -> readers.add(reader(log, random, readers, nowMs));
        case 1 -> append(log, appended, Frames.videoConfig(mediaMs, 5), nowMs, hasVideo);
        case 2 -> append(log, appended, Frames.audioConfig(mediaMs, 5), nowMs, hasAudio);
        case 3 -> append(log, appended, Frames.metadata(mediaMs, 5), nowMs, true);
        case 4, 5 -> {
          if (!readers.isEmpty()) {
            Reader chosen = readers.get(random.nextInt(readers.size()));
            if (choice == 4) {
              chosen.stalledSteps = random.nextInt(300);
            } else {
              chosen.cursor.changeDelay(Math.min(chosen.cursor.delayMs(), random.nextInt(4_000)));
            }
          }
        }
        case 6, 7, 8, 9, 10, 11, 12, 13, 14 ->
            append(
                log,
                appended,
                Frames.audio(Math.max(0, mediaMs - random.nextInt(100)), 1 + random.nextInt(300)),
                nowMs,
                hasAudio);
        default -> {
          boolean key = random.nextInt(keyframeEvery) == 0;
          int bytes = 1 + random.nextInt(key ? 6_000 : 1_500);
          append(
              log,
              appended,
              key ? Frames.keyframe(mediaMs, bytes) : Frames.inter(mediaMs, bytes),
              nowMs,
              hasVideo);
        }
      }
      assertThat(memory.held()).isEqualTo(log.bytes());
      for (Reader reader : readers) {
        if (reader.stalledSteps > 0) {
          reader.stalledSteps--;
        } else {
          reader.read(nowMs);
        }
      }
    }
    for (Reader reader : readers) {
      reader.read(nowMs + 60_000);
      check(reader, appended);
    }
    log.close();
    assertThat(memory.held()).isZero();
  }

  private static Reader reader(BroadcastLog log, Random random, List<Reader> others, long nowMs) {
    int delayMs = random.nextInt(3) == 0 ? random.nextInt(5_000) : 0;
    return new Reader(
        switch (random.nextInt(3)) {
          case 0 -> log.openAtFirstStart(_ -> {});
          case 1 ->
              others.isEmpty()
                  ? log.openAtFirstStart(_ -> {})
                  : log.openBehind(
                      others.get(random.nextInt(others.size())).cursor, _ -> {}, delayMs);
          default -> log.openAtNewestStart(_ -> {}, delayMs, nowMs);
        });
  }

  private static void append(
      BroadcastLog log, List<LogEntry> appended, Frame frame, long nowMs, boolean wanted) {
    if (wanted) {
      long sequence = log.head();
      log.append(frame, nowMs);
      appended.add(log.at(sequence));
    } else {
      frame.release();
    }
  }

  private static void check(Reader reader, List<LogEntry> appended) {
    Set<Long> got = new HashSet<>();
    long last = -1;
    for (LogEntry entry : reader.yielded) {
      assertThat(entry.sequence()).as("in order and once").isGreaterThan(last);
      last = entry.sequence();
      got.add(last);
    }
    boolean broken = true;
    long dropped = 0;
    for (LogEntry entry : appended) {
      boolean yielded = got.contains(entry.sequence());
      if (!entry.frame().isMedia()) {
        continue;
      }
      if (entry.frame().track().isVideo()) {
        assertThat(yielded && broken && !entry.frame().keyframe())
            .as("a picture after a gap is a keyframe")
            .isFalse();
        broken = !yielded;
      }
      if (!yielded && entry.sequence() > reader.leftBeforeFirstLeap) {
        dropped++;
      }
    }
    int leaps = Math.max(0, reader.jumps - 1) - reader.wantedJumps;
    if (reader.cursor.hasPosition()) {
      assertThat(reader.cursor.dropped()).as("what was left out is counted").isEqualTo(dropped);
    }
    assertThat(reader.cursor.skips()).isGreaterThanOrEqualTo(leaps);
    if (reader.jumps <= 1 && reader.cursor.hasPosition()) {
      assertThat(reader.cursor.skips()).isZero();
      assertThat(reader.cursor.dropped()).isZero();
      checkNothingIsMissing(reader, appended, got);
    }
  }

  /** One that never jumped has everything from its start on. */
  private static void checkNothingIsMissing(Reader reader, List<LogEntry> appended, Set<Long> got) {
    if (reader.yielded.isEmpty()) {
      return;
    }
    long from = reader.yielded.getFirst().sequence();
    boolean pictureBegun = false;
    for (LogEntry entry : appended) {
      Frame frame = entry.frame();
      if (!frame.isMedia() || entry.sequence() < from) {
        continue;
      }
      boolean fromTheStart =
          frame.track().isAudio()
              ? frame.dtsMs() >= reader.cursor.startMs()
              : entry.sequence() >= reader.cursor.startSequence();
      pictureBegun |= fromTheStart && frame.keyframe();
      if (fromTheStart && (frame.track().isAudio() || pictureBegun)) {
        assertThat(got).as("everything from its start on").contains(entry.sequence());
      }
    }
  }
}
