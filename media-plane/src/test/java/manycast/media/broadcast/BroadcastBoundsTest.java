package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.UUID;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What encoders with unusual keyframes and bitrates cost, by the clock of the test. */
class BroadcastBoundsTest {
  private static final int PICTURE_MS = 33;
  private static final byte[] BYTES = new byte[1 << 20];

  private final MediaMemory memory = new MediaMemory(1L << 30);
  private final EventLoop loop = new DefaultEventLoop();
  private final IngestFigures ingest = new IngestFigures("rtmp", "", "", 0);
  private final Broadcast broadcast =
      new Broadcast(
          new BroadcastClaim(UUID.randomUUID(), 1, UUID.randomUUID(), UUID.randomUUID(), "s"),
          loop,
          new BroadcastLog(memory, LogBounds.STANDARD),
          ingest,
          new BroadcastListener() {
            @Override
            public void opened(Broadcast opened) {}

            @Override
            public void ended(Broadcast ended, EndReason reason) {}
          },
          new NobodysPublisher(),
          "a key",
          45_000,
          () -> 0);
  private final Cursor reader = broadcast.log().openAtFirstStart(_ -> {});
  private long nowMs = 1_000_000;
  private long mediaMs;
  private long read;
  private long mostBytes;

  @AfterEach
  void everyByteComesBack() {
    broadcast.log().close();
    assertThat(memory.held()).isZero();
    loop.shutdownGracefully();
  }

  /** So many seconds of pictures at this bitrate, with a keyframe where {@code keyframeEveryMs}. */
  private void run(int seconds, int megabits, int keyframeEveryMs) {
    int bytes = megabits * 125_000 * PICTURE_MS / 1000;
    long sinceKeyframe = keyframeEveryMs;
    for (int ms = 0; ms < seconds * 1000; ms += PICTURE_MS) {
      boolean keyframe = sinceKeyframe >= keyframeEveryMs;
      sinceKeyframe = keyframe ? PICTURE_MS : sinceKeyframe + PICTURE_MS;
      append(Track.VIDEO, Codec.H264, keyframe, bytes);
      append(Track.AUDIO, Codec.AAC, false, 300);
      for (LogEntry entry = reader.next(nowMs); entry != null; entry = reader.next(nowMs)) {
        read++;
      }
      mostBytes = Math.max(mostBytes, memory.held());
    }
  }

  private void append(Track track, Codec codec, boolean keyframe, int bytes) {
    nowMs += track.isVideo() ? PICTURE_MS : 0;
    mediaMs += track.isVideo() ? PICTURE_MS : 0;
    broadcast.append(
        new Frame(
            track,
            FrameKind.MEDIA,
            codec,
            mediaMs * 90,
            0,
            keyframe ? PictureType.KEY : PictureType.INTER,
            Unpooled.wrappedBuffer(BYTES, 0, bytes)),
        nowMs);
  }

  @Test
  void pictureAfterPictureWithoutAnyKeyframeCostsTwoSecondsAndSaysSo() {
    for (int ms = 0; ms < 180_000; ms += PICTURE_MS) {
      append(Track.VIDEO, Codec.H264, false, 25_000);
      append(Track.AUDIO, Codec.AAC, false, 300);
      mostBytes = Math.max(mostBytes, memory.held());
    }

    assertThat(mostBytes).isLessThan(25_300 * 2_100L / PICTURE_MS);
    assertThat(broadcast.log().hasStart()).isFalse();
    assertThat(reader.next(nowMs)).isNull();
    assertThat(ingest.warnings())
        .extracting(IngestFigures.Warning::code)
        .containsExactly("no_keyframe");
    append(Track.VIDEO, Codec.H264, true, 25_000);
    assertThat(reader.next(nowMs)).as("everybody waited for this one").isNotNull();
    assertThat(reader.skips()).isZero();
  }

  @Test
  void aSingleKeyframeForMinutesIsHeldToTheHardBoundAndWhoeverIsAtTheHeadLosesNothing() {
    run(180, 6, Integer.MAX_VALUE / 2);

    assertThat(mostBytes).isBetween(20L << 20, 31L * 6 * 125_000 + 500_000);
    assertThat(broadcast.log().hasStart()).isFalse();
    assertThat(ingest.warnings())
        .extracting(IngestFigures.Warning::code)
        .containsExactly("gop_too_large");
    assertThat(reader.skips()).isZero();
    assertThat(read).isEqualTo(2L * (180_000 / PICTURE_MS + 1));
  }

  @Test
  void groupsOfEightSecondsAreKeptWholeAndNobodySkipsInsideOne() {
    run(60, 6, 8_000);

    assertThat(mostBytes).isLessThan(8 * 6 * 125_000 * 11 / 10);
    assertThat(broadcast.log().hardEvictions()).isZero();
    assertThat(ingest.warnings()).isEmpty();
    long before = read;
    long stalledAt = nowMs;
    while (nowMs < stalledAt + 7_000) {
      append(Track.VIDEO, Codec.H264, false, 100);
    }
    while (reader.next(nowMs) != null) {
      read++;
    }
    assertThat(reader.skips()).as("seven seconds are less than a group").isZero();
    assertThat(read - before).isEqualTo(7_000 / PICTURE_MS + 1);
  }

  @Test
  void fiftyMegabitsAreCarriedAndAGroupBeyondSixtyFourMebibytesLosesItsFront() {
    run(20, 50, 2_000);
    assertThat(ingest.warnings()).isEmpty();
    assertThat(mostBytes).isLessThan(14L << 20);

    run(40, 50, 20_000);
    assertThat(mostBytes).isBetween(60L << 20, 64L << 20);
    assertThat(ingest.warnings())
        .extracting(IngestFigures.Warning::code)
        .containsExactly("gop_too_large");
    assertThat(reader.skips()).isZero();
  }
}
