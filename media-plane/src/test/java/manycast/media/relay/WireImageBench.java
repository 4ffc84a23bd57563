package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.testing.LoopThreads;
import org.jspecify.annotations.Nullable;
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

/** Makes the bytes of a frame as they lie on every destination's wire. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
public class WireImageBench {
  /** Bytes of the access unit. */
  @Param({"300", "12000", "120000"})
  public int bytes;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final RtmpWireFormat format = new RtmpWireFormat(allocator);
  private final BroadcastLog log = new BroadcastLog(new MediaMemory(1L << 40), LogBounds.STANDARD);
  private @Nullable LogEntry entry;

  @Setup
  public void append() {
    ByteBuf payload = allocator.directBuffer(bytes).writeZero(bytes);
    log.append(
        new Frame(Track.VIDEO, FrameKind.MEDIA, Codec.H264, 0, 0, PictureType.KEY, payload), 0);
    entry = log.openAtNewestStart(_ -> {}, 0, 0).next(0);
  }

  @TearDown
  public void close() {
    log.close();
  }

  @Benchmark
  public int image() {
    ByteBuf image = format.image(Objects.requireNonNull(entry));
    int length = image.readableBytes();
    image.release();
    return length;
  }
}
