package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.CursorReader;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Owned;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.testing.LoopThreads;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One frame's way from the log to the wires of its destinations, without their sockets: appended,
 * made into its wire image once, offered to every cursor and given to its connection. A group is 60
 * pictures. What one more cursor allocates is the difference between two numbers of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
public class FanOutBench {
  private static final int FRAME_BYTES = 12_000;
  private static final int GROUP = 60;
  private static final int FRAME_MS = 33;

  @Param({"1", "50", "200"})
  public int cursors;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final BroadcastLog log = new BroadcastLog(new MediaMemory(1L << 40), LogBounds.STANDARD);
  private final RtmpWireFormat format = new RtmpWireFormat(allocator);
  private final ByteBuf payload = allocator.directBuffer(FRAME_BYTES).writeZero(FRAME_BYTES);
  private long frames;

  /** A destination whose socket takes everything at once. */
  private static final class Destination implements CursorReader, RtmpTrackWriter.Wire {
    private final Cursor cursor;
    private final RtmpTrackWriter writer;
    private long queued;

    Destination(BroadcastLog log, RtmpWireFormat format) {
      cursor = log.openAtNewestStart(this, 0, 0);
      writer =
          new RtmpTrackWriter(log, format, PlatformCodecs.of("custom"), TrackChoice.DEFAULT, this);
    }

    @Override
    public void offered(long nowMs) {
      for (LogEntry entry = cursor.next(nowMs); entry != null; entry = cursor.next(nowMs)) {
        writer.write(entry, cursor);
      }
      writer.noteSent(queued);
    }

    @Override
    public void write(@Owned ByteBuf chunks) {
      queued += chunks.readableBytes();
      chunks.release();
    }

    @Override
    public int messageStreamId() {
      return 1;
    }

    @Override
    public long bytesQueued() {
      return queued;
    }
  }

  @Setup
  public void open() {
    for (int i = 0; i < cursors; i++) {
      new Destination(log, format).offered(0);
    }
  }

  @TearDown
  public void close() {
    log.close();
    payload.release();
  }

  @Benchmark
  public long frameToAll() {
    long nowMs = frames * FRAME_MS;
    log.append(frame(frames++ % GROUP == 0, nowMs), nowMs);
    log.offer(nowMs);
    return log.head();
  }

  private Frame frame(boolean keyframe, long dtsMs) {
    return new Frame(
        Track.VIDEO,
        FrameKind.MEDIA,
        Codec.H264,
        dtsMs * 90,
        0,
        keyframe ? PictureType.KEY : PictureType.INTER,
        payload.retain());
  }
}
