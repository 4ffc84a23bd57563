package manycast.media.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import manycast.media.bytes.Limits;
import manycast.media.bytes.MediaBytes;
import manycast.media.bytes.ProtocolException;
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

/** Reads one message in chunks of 4096 bytes, as an encoder of 6 Mbit/s sends them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
public class ChunkDecoderBench {
  private static final int CHUNK_SIZE = 4096;

  /** Bytes of the message: sound, a picture, a keyframe. */
  @Param({"300", "12000", "120000"})
  public int bytes;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final ChunkDecoder decoder =
      new ChunkDecoder(allocator, Limits.WHILE_PUBLISHING, MediaBytes.UNBOUNDED);
  private ByteBuf wire = allocator.directBuffer(0, 0);

  @Setup
  public void encode() throws ProtocolException {
    ByteBuf size = allocator.directBuffer(4).writeInt(CHUNK_SIZE);
    ByteBuf control =
        ChunkEncoder.encode(
            allocator, new ChunkHeader.Full(2, 0, 1, 0), ChunkEncoder.DEFAULT_CHUNK_SIZE, size);
    if (decoder.decode(control) != null) {
      throw new IllegalStateException("Set Chunk Size is obeyed, not given");
    }
    ByteBuf body = allocator.directBuffer(bytes).writeZero(bytes);
    wire.release();
    wire = ChunkEncoder.encode(allocator, new ChunkHeader.Full(6, 0, 9, 1), CHUNK_SIZE, body);
    size.release();
    control.release();
    body.release();
  }

  @TearDown
  public void release() {
    wire.release();
    decoder.close();
  }

  @Benchmark
  public int message() throws ProtocolException {
    wire.readerIndex(0);
    RawMessage message = Objects.requireNonNull(decoder.decode(wire));
    int length = message.body().readableBytes();
    message.release();
    return length;
  }
}
