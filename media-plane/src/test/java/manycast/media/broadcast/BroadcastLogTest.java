package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import manycast.media.frame.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastLogTest {
  private static final int ENTRY = LogEntry.OVERHEAD_BYTES;

  private final MediaMemory memory = new MediaMemory(1 << 30);
  private final BroadcastLog log =
      new BroadcastLog(memory, new LogBounds(10_000, 32 << 20, 30_000, 64 << 20));
  private long nowMs = 1_000_000;

  @AfterEach
  void everyByteComesBack() {
    log.close();
    assertThat(memory.held()).isZero();
    assertThat(log.bytes()).isZero();
  }

  private void append(Frame frame) {
    nowMs += 10;
    log.append(frame, nowMs);
  }

  private List<Frame> drain(Cursor cursor) {
    List<Frame> frames = new ArrayList<>();
    for (LogEntry entry = cursor.next(nowMs); entry != null; entry = cursor.next(nowMs)) {
      frames.add(entry.frame());
    }
    return frames;
  }

  @Test
  void aCursorFromTheBeginningGetsTheFirstKeyframeHoweverLateItReads() {
    Cursor cursor = log.openAtFirstStart(_ -> {});
    append(Frames.inter(0, 10));
    append(Frames.keyframe(33, 10));
    append(Frames.inter(66, 10));
    append(Frames.keyframe(99, 10));

    assertThat(drain(cursor)).extracting(Frame::dtsMs).containsExactly(33L, 66L, 99L);
    assertThat(cursor.skips()).isZero();
  }

  @Test
  void aLaterCursorBeginsAtTheNewestKeyframe() {
    append(Frames.keyframe(0, 10));
    append(Frames.inter(33, 10));
    append(Frames.keyframe(66, 10));
    append(Frames.inter(99, 10));

    assertThat(drain(log.openAtNewestStart(_ -> {}, 0, nowMs)))
        .extracting(Frame::dtsMs)
        .containsExactly(66L, 99L);
  }

  @Test
  void audioOfTheKeyframesTimeIsSentAlthoughItCameBeforeIt() {
    append(Frames.audio(90, 5));
    append(Frames.audio(100, 5));
    append(Frames.audio(120, 5));
    append(Frames.keyframe(100, 10));
    append(Frames.audio(140, 5));

    assertThat(drain(log.openAtNewestStart(_ -> {}, 0, nowMs)))
        .extracting(Frame::dtsMs)
        .containsExactly(100L, 120L, 100L, 140L);
  }

  @Test
  void audioFromBeforeTheKeyframeIsNotSentThoughItComesLater() {
    append(Frames.keyframe(100, 10));
    append(Frames.audio(80, 5));
    append(Frames.audio(101, 5));

    assertThat(drain(log.openAtNewestStart(_ -> {}, 0, nowMs)))
        .extracting(Frame::dtsMs)
        .containsExactly(100L, 101L);
  }

  @Test
  void whatEverybodyHasPassedGoesWhenTheNextKeyframeComes() {
    Cursor cursor = log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(0, 1000));
    append(Frames.inter(33, 1000));
    drain(cursor);
    append(Frames.keyframe(66, 1000));

    assertThat(log.bytes()).isEqualTo(1000 + ENTRY);
  }

  @Test
  void aLaggingCursorKeepsTenSecondsAndNoMore() {
    Cursor cursor = log.openAtFirstStart(_ -> {});
    for (int i = 0; i < 20; i++) {
      nowMs += 990;
      append(Frames.keyframe(i * 1000L, 1000));
      if (i == 9) {
        assertThat(log.bytes()).isEqualTo(10 * (1000 + ENTRY));
      }
    }

    assertThat(log.bytes()).as("what it has lost is kept for nobody").isEqualTo(1_000 + ENTRY);
    assertThat(drain(cursor))
        .as("never sent, so it begins at the newest")
        .extracting(Frame::dtsMs)
        .containsExactly(19_000L);
    assertThat(cursor.skips()).isZero();
  }

  @Test
  void aLaggingCursorKeepsTheBoundOfBytes() {
    log.openAtFirstStart(_ -> {});
    for (int i = 0; i < 50; i++) {
      append(Frames.keyframe(i * 10L, 1 << 20));
    }

    assertThat(log.bytes()).isLessThanOrEqualTo(32L << 20);
  }

  @Test
  void aFloodOfTinyFramesIsHeldToTheBoundOfBytes() {
    append(Frames.keyframe(0, 1));
    for (int i = 0; i < 300_000; i++) {
      log.append(Frames.inter(1, 1), nowMs);
    }

    assertThat(log.hardEvictions()).isPositive();
    assertThat((log.head() - log.firstSequence()) * ENTRY).isLessThanOrEqualTo(64L << 20);
    assertThat(memory.held()).isEqualTo(log.bytes());
  }

  /** A log that counts how often an entry is looked at: its work, whatever the machine. */
  private static final class CountedLog extends BroadcastLog {
    private long looks;

    CountedLog(MediaMemory memory) {
      super(memory, LogBounds.STANDARD);
    }

    @Override
    LogEntry at(long sequence) {
      looks++;
      return super.at(sequence);
    }
  }

  @Test
  void aKeyframesWorkDoesNotGrowWithWhatIsKeptForALateCursor() {
    CountedLog counted = new CountedLog(memory);
    counted.openAtFirstStart(_ -> {});
    int keyframes = 20_000;
    for (int i = 0; i < keyframes; i++) {
      counted.append(Frames.keyframe(i, 1), nowMs);
    }

    assertThat(counted.head() - counted.firstSequence()).as("all is kept").isEqualTo(keyframes);
    assertThat(counted.looks).isLessThan(keyframes * 600L);
    counted.close();
  }

  @Test
  void aFramesWorkDoesNotGrowWithWhatIsKeptWhileNoKeyframeIsThere() {
    CountedLog counted = new CountedLog(memory);
    counted.openAtFirstStart(_ -> {});
    counted.append(Frames.keyframe(0, 1), nowMs);
    int frames = 10_000;
    for (int i = 1; i < frames; i++) {
      counted.append(Frames.inter(i, 1), nowMs);
    }
    counted.interrupt(nowMs);
    nowMs += 3_000;
    for (int i = 0; i < frames; i++) {
      counted.append(Frames.inter(frames + i, 1), nowMs);
    }

    assertThat(counted.head() - counted.firstSequence()).as("all is kept").isEqualTo(2L * frames);
    assertThat(counted.looks).isLessThan(2 * frames * 30L);
    counted.close();
  }

  @Test
  void soundLongBeforeItsKeyframeIsFoundAmongThatOfSeveralTracks() {
    append(Frames.keyframe(0, 10));
    append(Frames.audio(990, 5));
    append(Frames.audio(1_000, 5));
    for (int i = 0; i < 500; i++) {
      append(Frames.picture(1 + i % 4, i * 2L, false));
    }
    append(Frames.keyframe(1_000, 10));

    assertThat(drain(log.openAtNewestStart(_ -> {}, 0, nowMs)))
        .extracting(Frame::dtsMs)
        .startsWith(1_000L);
    assertThat(log.firstSequence()).as("from that sound on").isEqualTo(2);
  }

  @Test
  void aCursorThatHasCaughtUpJumpsToTheNewestKeyframeWhenItIsTooLate() {
    Cursor cursor = log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(0, 10));
    drain(cursor);
    for (int i = 1; i <= 40; i++) {
      nowMs += 90;
      append(i % 10 == 0 ? Frames.keyframe(i * 100L, 10) : Frames.inter(i * 100L, 10));
    }

    assertThat(drain(cursor)).extracting(Frame::dtsMs).containsExactly(4000L);
    assertThat(cursor.skips()).isEqualTo(1);
    assertThat(cursor.dropped()).isEqualTo(39);
  }

  @Test
  void aCursorStaysWhereItIsWhenNoKeyframeLiesAhead() {
    Cursor cursor = log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(0, 10));
    drain(cursor);
    for (int i = 1; i <= 40; i++) {
      nowMs += 90;
      append(Frames.inter(i * 100L, 10));
    }

    assertThat(drain(cursor)).hasSize(40);
    assertThat(cursor.skips()).isZero();
  }

  @Test
  void aGroupBeyondTheHardBoundLosesItsFrontAndNewcomersWait() {
    Cursor cursor = log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(0, 10));
    for (int i = 1; i <= 400; i++) {
      nowMs += 90;
      drain(cursor);
      append(Frames.inter(i * 100L, 10));
    }

    assertThat(log.hardEvictions()).isPositive();
    assertThat(log.hasStart()).isFalse();
    Cursor newcomer = log.openAtNewestStart(_ -> {}, 0, nowMs);
    assertThat(drain(newcomer)).isEmpty();
    append(Frames.keyframe(50_000, 10));
    assertThat(drain(newcomer)).extracting(Frame::dtsMs).containsExactly(50_000L);
  }

  @Test
  void withNoVideoEveryAudioFrameIsAStartPoint() {
    for (int i = 0; i < 100; i++) {
      nowMs += 30;
      append(Frames.audio(i * 40L, 10));
    }

    assertThat(log.hasStart()).isTrue();
    assertThat(drain(log.openAtNewestStart(_ -> {}, 0, nowMs)))
        .extracting(Frame::dtsMs)
        .containsExactly(99 * 40L);
    assertThat(log.bytes()).as("one frame is enough to start with").isEqualTo(10 + ENTRY);
  }

  @Test
  void audioIsNoStartPointAnyMoreOnceThereIsAPicture() {
    for (int i = 0; i < 100; i++) {
      nowMs += 30;
      append(Frames.audio(i * 40L, 10));
    }
    append(Frames.inter(4000, 10));
    assertThat(log.hasStart()).isFalse();
    append(Frames.keyframe(4040, 10));
    assertThat(drain(log.openAtNewestStart(_ -> {}, 0, nowMs)))
        .extracting(Frame::dtsMs)
        .containsExactly(4040L);
  }

  @Test
  void theConfigsInForceAreKeptForStarters() {
    append(Frames.metadata(0, 7));
    append(Frames.videoConfig(0, 8));
    append(Frames.audioConfig(0, 9));
    for (int i = 0; i < 20; i++) {
      nowMs += 1000;
      append(Frames.keyframe(i * 1000L, 10));
    }

    List<LogEntry> configs = new ArrayList<>();
    log.configsBefore(log.head(), configs);
    assertThat(configs)
        .extracting(LogEntry::bytes)
        .containsExactly(7 + ENTRY, 9 + ENTRY, 8 + ENTRY);
    append(Frames.videoConfig(20_000, 11));
    for (int i = 20; i < 40; i++) {
      nowMs += 1000;
      append(Frames.keyframe(i * 1000L, 10));
    }
    configs.clear();
    log.configsBefore(log.head(), configs);
    assertThat(configs)
        .extracting(LogEntry::bytes)
        .containsExactly(7 + ENTRY, 9 + ENTRY, 11 + ENTRY);
    assertThat(log.bytes()).isEqualTo(7 + 9 + 11 + 10 + 4 * ENTRY);
  }

  @Test
  void whenMemoryIsScarceLaggingCursorsLoseFirst() {
    MediaMemory small = new MediaMemory(10_000);
    BroadcastLog tight = new BroadcastLog(small, LogBounds.STANDARD);
    tight.openAtFirstStart(_ -> {});
    int most = 7_500 + 1000 + ENTRY;
    for (int i = 0; i < 30; i++) {
      nowMs += 600;
      tight.append(Frames.keyframe(i * 600L, 1000), nowMs);
      assertThat(small.held()).isLessThanOrEqualTo(most);
    }

    assertThat(small.held()).as("nothing that is late is kept").isLessThan(7_500);
    tight.close();
    assertThat(small.held()).isZero();
  }

  @Test
  void aDelayedCursorYieldsEachEntryWhenItsTimeHasPassed() {
    Cursor cursor = log.openAtNewestStart(_ -> {}, 500, nowMs);
    long began = nowMs;
    append(Frames.keyframe(0, 10));
    append(Frames.inter(33, 10));

    assertThat(cursor.dueAtMs()).isEqualTo(began + 510);
    nowMs = began + 509;
    assertThat(drain(cursor)).isEmpty();
    nowMs = began + 510;
    assertThat(drain(cursor)).extracting(Frame::dtsMs).containsExactly(0L);
    assertThat(cursor.lagMs(nowMs)).isZero();
    nowMs = began + 620;
    assertThat(cursor.lagMs(nowMs)).isEqualTo(100);
    assertThat(drain(cursor)).extracting(Frame::dtsMs).containsExactly(33L);
    assertThat(cursor.dueAtMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aDelayRaisesTheBoundsForItsCursorAlone() {
    Cursor delayed = log.openAtNewestStart(_ -> {}, 60_000, nowMs);
    Cursor stalled = log.openAtNewestStart(_ -> {}, 0, nowMs);
    for (int i = 0; i < 100; i++) {
      nowMs += 990;
      append(Frames.keyframe(i * 1000L, 1 << 20));
      drain(delayed);
    }

    assertThat(log.bytes()).isBetween(60L << 20, 62L << 20);
    assertThat(delayed.skips()).isZero();
    assertThat(drain(stalled)).extracting(Frame::dtsMs).containsExactly(99_000L);
    delayed.close();
    append(Frames.keyframe(100_000, 10));
    assertThat(log.bytes()).isEqualTo(10 + ENTRY);
  }

  @Test
  void aDelayedCursorThatIsLateSkipsToTheNewestKeyframeThatIsDue() {
    Cursor cursor = log.openAtNewestStart(_ -> {}, 5_000, nowMs);
    for (int i = 0; i < 60; i++) {
      nowMs += 90;
      append(i % 10 == 0 ? Frames.keyframe(i * 100L, 10) : Frames.inter(i * 100L, 10));
    }
    assertThat(drain(cursor)).as("due after 5 s").extracting(Frame::dtsMs).startsWith(0L);
    for (int i = 60; i < 100; i++) {
      nowMs += 90;
      append(i % 10 == 0 ? Frames.keyframe(i * 100L, 10) : Frames.inter(i * 100L, 10));
    }

    assertThat(drain(cursor)).extracting(Frame::dtsMs).startsWith(4_000L).endsWith(4_900L);
    assertThat(cursor.skips()).isEqualTo(1);
    assertThat(cursor.lagMs(nowMs)).isZero();
  }

  @Test
  void aShorterDelayJumpsAtAKeyframeAndIsNoSkip() {
    Cursor cursor = log.openAtNewestStart(_ -> {}, 3_000, nowMs);
    for (int i = 0; i < 40; i++) {
      nowMs += 90;
      append(i % 10 == 0 ? Frames.keyframe(i * 100L, 10) : Frames.inter(i * 100L, 10));
    }
    assertThat(drain(cursor)).extracting(Frame::dtsMs).endsWith(900L);

    cursor.changeDelay(0);

    assertThat(drain(cursor)).extracting(Frame::dtsMs).startsWith(3_000L).endsWith(3_900L);
    assertThat(cursor.delayMs()).isZero();
    assertThat(cursor.skips()).isZero();
    assertThat(cursor.dropped()).isEqualTo(20);
  }

  @Test
  void whoeverBeginsAnewWithALongerDelayDoesSoAtTheKeyframeBeforeItsPlace() {
    Cursor cursor = log.openAtNewestStart(_ -> {}, 0, nowMs);
    for (int i = 0; i < 25; i++) {
      append(i % 10 == 0 ? Frames.keyframe(i * 100L, 10) : Frames.inter(i * 100L, 10));
      drain(cursor);
    }

    Cursor anew = log.openBehind(cursor, _ -> {}, 4_000);
    cursor.close();
    assertThat(drain(anew)).isEmpty();
    nowMs += 4_000;
    assertThat(drain(anew)).extracting(Frame::dtsMs).startsWith(2_000L).endsWith(2_400L);
    assertThat(anew.skips()).isZero();
  }

  @Test
  void whereMemoryIsScarceADelayedCursorThatIsInTimeKeepsItsFrames() {
    MediaMemory small = new MediaMemory(10_000);
    BroadcastLog tight = new BroadcastLog(small, LogBounds.STANDARD);
    Cursor delayed = tight.openAtNewestStart(_ -> {}, 1_000, nowMs);
    Cursor stalled = tight.openAtNewestStart(_ -> {}, 0, nowMs);
    for (int i = 0; i < 40; i++) {
      nowMs += 110;
      tight.append(Frames.keyframe(i * 100L, 900 - ENTRY), nowMs);
      drain(delayed);
      assertThat(small.held()).isLessThanOrEqualTo(small.bound());
    }

    assertThat(delayed.skips()).isZero();
    assertThat(drain(stalled)).hasSizeLessThan(12);
    assertThat(tight.hasRoomFor(1_000, 1_000_000)).as("no more than now").isTrue();
    assertThat(tight.hasRoomFor(60_000, 1_000)).isFalse();
    tight.close();
    assertThat(small.held()).isZero();
  }

  @ParameterizedTest(name = "{0} of 100000 bytes held")
  @ValueSource(ints = {78_000, 90_000})
  void whereMemoryIsScarceOrFullWhatCameTogetherWithAKeyframeIsReadFirst(int elsewhere) {
    MediaMemory small = new MediaMemory(100_000);
    BroadcastLog tight = new BroadcastLog(small, LogBounds.STANDARD);
    Cursor inTime = tight.openAtNewestStart(_ -> {}, 0, nowMs);
    tight.append(Frames.keyframe(0, 100), nowMs);
    drain(inTime);
    small.tryReserve(elsewhere);
    nowMs += 1_000;
    tight.append(Frames.inter(967, 100), nowMs);
    tight.append(Frames.audio(990, 100), nowMs);
    tight.append(Frames.keyframe(1_000, 100), nowMs);

    assertThat(drain(inTime)).extracting(Frame::dtsMs).containsExactly(967L, 990L, 1_000L);
    assertThat(inTime.skips()).isZero();

    tight.append(Frames.inter(1_033, 100), nowMs);
    nowMs += 1_000;
    tight.append(Frames.keyframe(2_000, 100), nowMs);

    assertThat(drain(inTime)).as("it was late").extracting(Frame::dtsMs).containsExactly(2_000L);
    tight.close();
    small.release(elsewhere);
    assertThat(small.held()).isZero();
  }

  @Test
  void whereMemoryIsFullTheLogWithMoreThanItsShareLosesItsFront() {
    MediaMemory small = new MediaMemory(100_000);
    BroadcastLog modest = new BroadcastLog(small, LogBounds.STANDARD);
    BroadcastLog greedy = new BroadcastLog(small, LogBounds.STANDARD);
    modest.append(Frames.keyframe(0, 20_000), nowMs);
    greedy.append(Frames.keyframe(0, 1_000), nowMs);
    for (int i = 0; i < 300; i++) {
      greedy.append(Frames.inter(i * 10L, 1_000), nowMs);
      assertThat(small.held()).isLessThanOrEqualTo(small.bound());
    }
    modest.append(Frames.inter(10, 1_000), nowMs);

    assertThat(modest.hasStart()).isTrue();
    assertThat(modest.scarceEvictions()).isZero();
    assertThat(greedy.hasStart()).isFalse();
    assertThat(greedy.scarceEvictions()).isPositive();
    assertThat(greedy.hardEvictions()).as("no group was too large").isZero();
    modest.close();
    greedy.close();
    assertThat(small.held()).isZero();
  }

  @Test
  void anImageIsMadeOnceAndSharedAndGoesWithItsFrame() {
    int[] made = {0};
    WireFormat format =
        new WireFormat() {
          @Override
          public boolean isForAll(Frame frame) {
            return true;
          }

          @Override
          public int variant() {
            return 0;
          }

          @Override
          public ByteBuf image(LogEntry entry) {
            made[0]++;
            return Unpooled.directBuffer(20).writeZero(20);
          }
        };
    Cursor one = log.openAtFirstStart(_ -> {});
    Cursor other = log.openAtFirstStart(_ -> {});
    append(Frames.keyframe(0, 10));
    LogEntry entry = Objects.requireNonNull(one.next(nowMs));
    LogEntry same = Objects.requireNonNull(other.next(nowMs));

    assertThat(same.image(format)).isSameAs(entry.image(format));
    assertThat(made[0]).isEqualTo(1);
    assertThat(log.bytes()).isEqualTo(30 + ENTRY);
    ByteBuf image = entry.image(format);
    append(Frames.keyframe(10, 10));
    assertThat(image.refCnt()).isZero();
  }
}
