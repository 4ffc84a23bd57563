package manycast.media.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.Frames;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.LogRun;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InStepTest {
  private final MediaMemory memory = new MediaMemory(1 << 30);
  private final BroadcastLog log = new BroadcastLog(memory, LogBounds.STANDARD);
  private final RtmpWireFormat format = new RtmpWireFormat(UnpooledByteBufAllocator.DEFAULT);
  private long nowMs = 1_000;

  @AfterEach
  void everyByteComesBack() {
    log.close();
    assertThat(memory.held()).isZero();
  }

  private final class Connection {
    private final Cursor cursor = log.openAtNewestStart(_ -> {}, 0, nowMs);
    private final ByteArrayOutputStream queued = new ByteArrayOutputStream();
    private final RtmpTrackWriter writer =
        new RtmpTrackWriter(
            log,
            format,
            PlatformCodecs.of("custom"),
            TrackChoice.DEFAULT,
            new RtmpTrackWriter.Wire() {
              @Override
              public void write(ByteBuf chunks) {
                queued.writeBytes(ByteBufUtil.getBytes(chunks));
                chunks.release();
              }

              @Override
              public int messageStreamId() {
                return 1;
              }

              @Override
              public long bytesQueued() {
                return queued.size();
              }
            });

    @Nullable LogRun run() {
      return writer.runInStep(cursor, nowMs);
    }

    void readAll() {
      for (LogEntry entry = cursor.next(nowMs); entry != null; entry = cursor.next(nowMs)) {
        writer.write(entry, cursor);
      }
      writer.enterStepWhenPossible(cursor);
    }
  }

  private void begin() {
    log.append(Frames.videoConfig(0, 20), nowMs);
    log.append(Frames.audioConfig(0, 4), nowMs);
    log.append(Frames.keyframe(0, 500), nowMs);
    log.append(Frames.audio(5, 100), nowMs);
  }

  @Test
  void connectionsThatHaveHadAllAreSentOneRun() {
    begin();
    Connection one = new Connection();
    Connection other = new Connection();
    assertThat(one.run()).as("before its start").isNull();
    one.readAll();
    other.readAll();
    log.append(Frames.inter(33, 300), nowMs);
    log.append(Frames.audio(28, 100), nowMs);

    LogRun run = requireNonNull(one.run());

    assertThat(other.run()).isSameAs(run);
    assertThat(run.count()).isEqualTo(2);
    one.writer.wrote(run, run.bytes(), one.cursor);
    assertThat(one.run()).as("at the head").isNull();
    assertThat(one.writer.framesSent()).isEqualTo(2);
    assertThat(other.run()).as("the other has not had it").isNotNull();
  }

  @Test
  void whatTheSocketDidNotTakeIsQueuedToTheLastByte() {
    begin();
    Connection connection = new Connection();
    connection.readAll();
    int before = connection.queued.size();
    log.append(Frames.inter(33, 300), nowMs);
    log.append(Frames.inter(66, 300), nowMs);
    LogRun run = requireNonNull(connection.run());

    int bytes = run.bytes();
    connection.writer.wrote(run, 1, connection.cursor);

    assertThat(connection.queued.size() - before).isEqualTo(bytes - 1);
    assertThat(connection.writer.framesSent()).isZero();
    connection.writer.noteSent(connection.queued.size());
    assertThat(connection.writer.framesSent()).as("all, the first two included").isEqualTo(4);
  }

  @Test
  void aConfigInTheMiddleEndsTheRunBeforeIt() {
    begin();
    Connection connection = new Connection();
    connection.readAll();
    log.append(Frames.inter(33, 300), nowMs);
    log.append(Frames.videoConfig(66, 24), nowMs);
    log.append(Frames.keyframe(66, 300), nowMs);

    LogRun run = requireNonNull(connection.run());

    assertThat(run.count()).isEqualTo(1);
    connection.writer.wrote(run, run.bytes(), connection.cursor);
    assertThat(connection.run()).isNull();
    connection.readAll();
    log.append(Frames.inter(99, 300), nowMs);
    assertThat(connection.run()).as("in step again behind the config").isNotNull();
  }

  @Test
  void aFurtherTrackThatNotAllAreSentEndsTheRunBeforeIt() {
    begin();
    Connection connection = new Connection();
    connection.readAll();
    int queued = connection.queued.size();
    log.append(Frames.inter(33, 300), nowMs);
    log.append(furtherTrack(40), nowMs);
    log.append(Frames.inter(66, 300), nowMs);

    LogRun run = requireNonNull(connection.run());
    assertThat(run.count()).isEqualTo(1);
    int bytesOfOne = run.bytes();
    connection.writer.wrote(run, bytesOfOne, connection.cursor);
    assertThat(connection.run()).as("the further track's").isNull();
    connection.readAll();

    int sent = connection.queued.size() - queued;
    assertThat(sent).as("the second picture alone").isEqualTo(bytesOfOne);
    log.append(Frames.inter(99, 300), nowMs);
    assertThat(connection.run()).isNotNull();
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
    Connection connection = new Connection();
    connection.readAll();
    log.append(Frames.audio(1_990, 100), nowMs);

    assertThat(connection.run()).isNull();
    connection.readAll();
    log.append(Frames.audio(2_010, 100), nowMs);
    connection.readAll();
    log.append(Frames.audio(2_030, 100), nowMs);
    assertThat(connection.run()).isNotNull();
  }

  @Test
  void whoeverHasLostItsPlaceStartsAgainByItself() {
    begin();
    Connection connection = new Connection();
    connection.readAll();
    // A group beyond every bound: its front goes, and with it the start point.
    for (int i = 1; i <= 40; i++) {
      nowMs += 1_000;
      log.append(Frames.inter(i * 1_000L, 300), nowMs);
    }
    assertThat(connection.cursor.next(nowMs)).isNull();
    connection.writer.enterStepWhenPossible(connection.cursor);

    log.append(Frames.keyframe(41_000, 300), nowMs);

    assertThat(connection.run()).as("configs and its own times come first").isNull();
  }

  @Test
  void whoeverIsLateIsReadEntryByEntrySoThatItSkips() {
    begin();
    Connection connection = new Connection();
    connection.readAll();
    log.append(Frames.inter(33, 300), nowMs);
    nowMs += 2_500;

    assertThat(connection.run()).isNull();
  }
}
