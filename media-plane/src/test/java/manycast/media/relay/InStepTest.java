package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Frames;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import manycast.media.loops.SharedWrites;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InStepTest {
  private final MediaMemory memory = new MediaMemory(1 << 30);
  private final BroadcastLog log = new BroadcastLog(memory, LogBounds.STANDARD);
  private final RtmpWireFormat format = new RtmpWireFormat(UnpooledByteBufAllocator.DEFAULT);
  private final InStep inStep = new InStep(log, format, SharedWrites.ONE_BY_ONE);
  private long nowMs = 1_000;

  @AfterEach
  void everyByteComesBack() {
    inStep.close();
    log.close();
    assertThat(memory.held()).isZero();
  }

  private WrittenConnection connection() {
    return new WrittenConnection(log, format, inStep, 0, nowMs);
  }

  /** One that has had all that came. */
  private WrittenConnection connected() {
    WrittenConnection connection = connection();
    connection.pump(nowMs);
    assertThat(connection.isInStep()).isTrue();
    return connection;
  }

  private void begin() {
    log.append(Frames.videoConfig(0, 20), nowMs);
    log.append(Frames.audioConfig(0, 4), nowMs);
    log.append(Frames.keyframe(0, 500), nowMs);
    log.append(Frames.audio(5, 100), nowMs);
  }

  @Test
  void whoeverHasHadAllIsSentTheSameBytesAsTheOthersInOneCall() {
    begin();
    WrittenConnection one = connected();
    WrittenConnection other = connected();
    log.append(Frames.inter(33, 300), nowMs);
    log.append(Frames.audio(28, 100), nowMs);

    inStep.offered(nowMs);

    assertThat(one.runs).isEqualTo(1);
    assertThat(other.runs).isEqualTo(1);
    assertThat(one.wire.toByteArray()).isEqualTo(other.wire.toByteArray());
    one.settle();
    assertThat(one.accessUnits).isEqualTo(4);
    assertThat(one.cursor.isAtHead()).isTrue();
    assertThat(one.writer.framesSent())
        .as("the last two, the first wait for the socket")
        .isEqualTo(2);
  }

  @Test
  void whoeverComesLaterCountsOnlyWhatItWasSent() {
    begin();
    WrittenConnection one = connected();
    log.append(Frames.inter(33, 300), nowMs);
    inStep.offered(nowMs);
    WrittenConnection late = connected();
    log.append(Frames.inter(66, 300), nowMs);
    inStep.offered(nowMs);

    one.settle();
    late.settle();
    assertThat(one.writer.framesSent()).isEqualTo(2);
    assertThat(late.writer.framesSent()).isEqualTo(1);
  }

  @Test
  void whatASocketDidNotTakeIsQueuedToTheLastByteAndTheOthersNoticeNothing() {
    begin();
    WrittenConnection slow = connected();
    WrittenConnection other = connected();
    log.append(Frames.inter(33, 300), nowMs);
    log.append(Frames.inter(66, 300), nowMs);
    slow.takes = _ -> 1;

    inStep.offered(nowMs);

    assertThat(slow.isInStep()).isFalse();
    assertThat(other.isInStep()).isTrue();
    assertThat(slow.wire.toByteArray()).isEqualTo(other.wire.toByteArray());
    assertThat(slow.writer.framesSent()).isZero();
    slow.writer.noteSent(slow.bytesQueued());
    assertThat(slow.writer.framesSent()).as("all, the first two included").isEqualTo(4);
  }

  @Test
  void aBrokenSocketTakesNobodyWithIt() {
    begin();
    WrittenConnection first = connected();
    WrittenConnection broken = connected();
    WrittenConnection last = connected();
    log.append(Frames.inter(33, 300), nowMs);
    broken.takes = _ -> -1;

    inStep.offered(nowMs);
    log.append(Frames.inter(66, 300), nowMs);
    inStep.offered(nowMs);

    assertThat(broken.broken).isTrue();
    assertThat(first.runs).isEqualTo(2);
    assertThat(last.wire.toByteArray()).isEqualTo(first.wire.toByteArray());
  }

  @Test
  void whereNobodyKnowsWhoWasSentWhatNoConnectionGoesOn() {
    begin();
    InStep failing =
        new InStep(
            log,
            format,
            (_, _, _, shortfall) -> {
              shortfall.took(0, 1);
              throw new IllegalStateException("planted");
            });
    WrittenConnection one = new WrittenConnection(log, format, failing, 0, nowMs);
    WrittenConnection other = new WrittenConnection(log, format, failing, 0, nowMs);
    one.pump(nowMs);
    other.pump(nowMs);
    log.append(Frames.inter(33, 300), nowMs);

    failing.offered(nowMs);

    assertThat(one.broken).isTrue();
    assertThat(other.broken).isTrue();
    failing.close();
  }

  @Test
  void whoeverLeavesGoesOnByItselfWithNothingMissing() {
    begin();
    WrittenConnection leaving = connected();
    WrittenConnection other = connected();
    log.append(Frames.inter(33, 300), nowMs);
    inStep.offered(nowMs);

    leaving.leaveStep();
    log.append(Frames.inter(66, 300), nowMs);
    inStep.offered(nowMs);
    leaving.pump(nowMs);

    assertThat(leaving.runs).isEqualTo(1);
    assertThat(leaving.isInStep()).as("again").isTrue();
    assertThat(leaving.wire.toByteArray()).isEqualTo(other.wire.toByteArray());
  }

  @Test
  void whoeverIsAtTheHeadBeforeTheOthersBringsThemThere() {
    begin();
    WrittenConnection other = connected();
    WrittenConnection quick = connection();
    log.append(Frames.inter(33, 300), nowMs);

    quick.pump(nowMs);

    assertThat(quick.isInStep()).isTrue();
    assertThat(other.runs).isEqualTo(1);
  }

  @Test
  void aConfigInTheMiddleIsWrittenByEachAndAllAreInStepBehindIt() {
    begin();
    WrittenConnection one = connected();
    WrittenConnection other = connected();
    log.append(Frames.inter(33, 300), nowMs);
    log.append(Frames.videoConfig(66, 24), nowMs);
    log.append(Frames.keyframe(66, 300), nowMs);

    inStep.offered(nowMs);

    assertThat(one.runs).as("what is before the config").isEqualTo(1);
    assertThat(one.isInStep()).isTrue();
    assertThat(other.isInStep()).isTrue();
    assertThat(one.accessUnits).isEqualTo(4);
    assertThat(one.wire.toByteArray()).isEqualTo(other.wire.toByteArray());
    log.append(Frames.inter(99, 300), nowMs);
    inStep.offered(nowMs);
    assertThat(one.runs).isEqualTo(2);
  }

  @Test
  void aFurtherTrackGoesToNobodyWhoIsSentTheDefaultOnes() {
    begin();
    WrittenConnection connection = connected();
    int before = connection.wire.size();
    log.append(Frames.inter(33, 300), nowMs);
    inStep.offered(nowMs);
    int ofOne = connection.wire.size() - before;
    log.append(furtherTrack(40), nowMs);
    log.append(Frames.inter(66, 300), nowMs);

    inStep.offered(nowMs);

    assertThat(connection.wire.size() - before).isEqualTo(2 * ofOne);
    assertThat(connection.isInStep()).isTrue();
  }

  private static Frame furtherTrack(long dtsMs) {
    return new Frame(
        new Track(TrackKind.VIDEO, 1),
        FrameKind.MEDIA,
        Codec.H264,
        dtsMs * 90,
        0,
        PictureType.NONE,
        Unpooled.wrappedBuffer(new byte[50]));
  }

  @Test
  void soundFromBeforeTheKeyframeKeepsAConnectionOutOfStep() {
    begin();
    log.append(Frames.audio(1_000, 100), nowMs);
    log.append(Frames.keyframe(2_000, 500), nowMs);
    WrittenConnection connection = connection();
    connection.pump(nowMs);
    log.append(Frames.audio(1_990, 100), nowMs);
    connection.pump(nowMs);

    assertThat(connection.isInStep()).isFalse();
    log.append(Frames.audio(2_010, 100), nowMs);
    connection.pump(nowMs);
    assertThat(connection.isInStep()).isTrue();
  }

  @Test
  void whoeverHasLostItsPlaceStartsAgainByItself() {
    begin();
    WrittenConnection connection = connected();
    // A group beyond every bound: its front goes, and with it the start point.
    for (int i = 1; i <= 40; i++) {
      nowMs += 1_000;
      log.append(Frames.inter(i * 1_000L, 300), nowMs);
    }
    inStep.offered(nowMs);
    assertThat(connection.isInStep()).isFalse();
    assertThat(connection.runs).isZero();

    log.append(Frames.keyframe(41_000, 300), nowMs);
    connection.pump(nowMs);

    assertThat(connection.runs).as("configs and its own times come first").isZero();
    assertThat(connection.cursor.skips()).isEqualTo(1);
  }

  @Test
  void whoeverIsLateIsReadEntryByEntrySoThatItSkips() {
    begin();
    WrittenConnection connection = connected();
    log.append(Frames.inter(33, 300), nowMs);
    nowMs += 2_500;

    inStep.offered(nowMs);

    assertThat(connection.runs).isZero();
    assertThat(connection.accessUnits).isEqualTo(3);
  }

  @Test
  void thoseInStepHoldWhatTheyHaveNotHadAndNobodyHoldsWhatAllHaveHad() {
    begin();
    connected();
    log.append(Frames.keyframe(2_000, 500), nowMs);
    inStep.offered(nowMs);
    long first = log.bytes();
    log.append(Frames.keyframe(4_000, 500), nowMs);
    inStep.offered(nowMs);
    log.append(Frames.keyframe(6_000, 500), nowMs);

    assertThat(log.bytes()).isLessThan(2 * first + 2_000);
  }
}
